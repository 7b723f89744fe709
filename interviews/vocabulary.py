"""Words that decide whether something at the start of a line is a speaker: roles, and what is never a
name."""

from __future__ import annotations

import re
from functools import lru_cache


def listed(words: str) -> frozenset[str]:
    """Return the words of a list written on lines."""
    return frozenset(words.split())


INTERVIEWER_WORDS = listed(
    """
    interviewer interviewers interviewere intervieweren int intv intervju iv i q question spørger
    spørgsmål spm forsker forskeren researcher moderator moderatoren mod facilitator ordstyrer
    ordstyreren interviewleder fokusgruppeleder host vært spørgeren intw intervjuare intervjuaren
    intervjuer intervjueren interviewerin fragesteller frage fråga fragende er examiner
    """
)
RESPONDENT_WORDS = listed(
    """
    respondent respondenten respondents interviewperson interviewpersonen interviewede interviewee
    informant informanten participant participants deltager deltageren deltagere deltagerne ip r a answer
    svar svarer borger borgeren leder lederen sagsbehandler sagsbehandleren sagsbeh medarbejder
    medarbejderen virksomhed arbejdsgiver virksomhedsleder kvinde mand citizen caseworker leader employer
    manager client klient bruger elev student lærer teacher patient nurse sygeplejerske læge doctor
    mentor jobkonsulent konsulent narrator subject witness b resp part ekspert expert mor far mother
    father woman man male female guest gæst user befragte befragter befragten intervjuperson
    intervjupersonen intervjuobjekt handläggare handläggaren saksbehandler antwort teilnehmer
    teilnehmerin deltakare deltagaren
    """
)
OTHER_ROLE_WORDS = listed(
    """
    tolk tolken interpreter observatør observer referent assistent assistant speaker taler stemme voice
    ukendt unknown flere alle several all multiple group gruppe gruppen person unidentified kollega begge
    both court clerk judge dommer anklager forsvarer okänd ukjent unbekannt dolmetscher dolmetscherin
    """
)
_COURT = re.compile(
    r"^(?:the|mr|mrs|ms|miss|dr|hr|fr|hon|judge|justice|chairman|chairwoman|sir|prof)\b\.?", re.I
)

# words that open ordinary sentences or name a fact about the interview; never a speaker
NOT_A_SPEAKER = listed(
    """
    by fordele ulemper fordel ulempe pris styrker svagheder muligheder udfordringer udfordring mål
    advantages disadvantages
    jeg du han hun vi de det den der her hvad hvem hvor hvordan hvornår hvorfor hvis når da så men og
    eller altså ja nej jo okay ok nå tak måske fordi derfor ellers også bare kun nu først sidst endelig
    konklusion resultat eksempel problem problemet løsning løsningen pointe pointen faktisk plus minus
    note noter notat bemærk obs nb ps vigtigt kommentar kilde link url http https www mail email telefon
    tlf adresse emne re vedr klokken kl dato tid sted varighed tidspunkt længde alder køn navn kommune
    projekt titel fil filnavn lydfil optagelse transskription transskriberet transskribent deltagere
    tilstede tilstedeværende medvirkende stilling uddannelse baggrund
    indledning introduktion afslutning tema del afsnit kapitel
    bilag overskrift sprog version side status oversigt indhold metode formål fase runde uge mandag
    tirsdag onsdag torsdag fredag lørdag søndag januar februar marts april maj juni juli august september
    oktober november december the this that these those there here what who where how when why if so but
    and or yes no yeah well okay because then also only now first second third finally example problem
    solution point note notes important comment source date time place location duration length age
    gender name project title file filename audio recording transcript transcription transcribed
    transcriber present attendees topic subject introduction conclusion ending theme section chapter
    appendix language version page summary contents method purpose round week monday tuesday wednesday
    thursday friday saturday sunday january february march june july october may it he she we they you my
    your in on at for from to with is are was were not one two three til fra med på i om af som en et to
    tre mit min din vores warning advarsel tip fx f.eks e.g i.e dvs bl.a transcriptie interviewdato
    interviewtype interviewnr interviewnummer interviewguide kontekst pause latter griner grin laughter
    laughs laughing silence stilhed crosstalk inaudible uhørligt utydeligt utydelig unintelligible hoster
    sukker music musik afbrydelse sound noise støj end slut start begin ad svaret husk remember imagine
    listen look hør se basically honestly short clearly generelt kort desuden derudover dernæst hertil
    heraf samlet alternativt omvendt modsat tværtimod heldigvis desværre tillykke citat quote quotation
    referat referatet resumé resuméet resumeet opsummering sammenfatning sammendrag mødereferat
    interviewreferat beslutningsreferat summary minutes synopsis feltnoter feltnotater notater
    observationsnoter observationer interviewnoter fieldnotes field observations oversættelse translation
    datum dauer ort plats tidpunkt längd ålder alter kön kjønn geschlecht beruf yrke lengde varighet
    opptak inspelning aufnahme nedan also zum wir ich sie das die der jag vi ni därför fordi beispiel
    exempel ergebnis wichtig
    question spørgsmålet svarene eksempler examples fakta facts opgave task hypotese hypothesis
    """
) - {"to", "en", "et", "subject", "question"}

METADATA_KEYS = listed(
    """
    dato tid sted varighed tidspunkt længde alder køn navn kommune projekt titel fil filnavn lydfil
    optagelse transskription transskriberet transskribent deltagere tilstede tilstedeværende medvirkende
    stilling uddannelse
    interviewdato interviewtype interviewnr interviewnummer date time place location duration length age
    gender name project title file filename audio recording transcript transcription transcribed
    transcriber present attendees topic language sprog position occupation job informantnr id case
    interview optaget recorded informanter fokusgruppe gruppe virksomhed organisation organization
    afdeling department branche sektor sector by city country land oprindelsesland nationalitet
    nationality kode code pseudonym pseudonymer key legend nøgle tegnforklaring transskriptionsnøgle
    transskriptionsnøglen transskriptionskonventioner symbolforklaring forkortelser abbreviations
    konventioner conventions notation format medie media samtykke consent version status emne bemærkninger
    comments remarks from to cc bcc sent sendt fra til vedhæftet attachments subject
    interviewede interviewed datum dauer ort plats tidpunkt längd ålder alter kön kjønn geschlecht beruf
    yrke lengde varighet opptak inspelning aufnahme antal utdanning utbildning
    """
)
# facts about the interview of more than one word, as `key_of` writes them
METADATA_PHRASES = re.compile(
    r"^(?:til ?stede|oversat|translated"
    r"|foretaget|optaget|gennemført|interview(?:et|ed)? (?:af|by|med|with|nr|no|date|dato|sted"
    r"|place|number|nummer|id|type)|dato for|date of|sted for|place of|name of|navn på|transskriberet af"
    r"|transcribed by|recorded by|conducted by|file name|audio file|lydfil|antal|number of|år i|years in"
    r"|ansat|anciennitet|born|født|resident|bopæl|opholdstid|opholdsgrundlag)\b"
)
SOUNDS = re.compile(
    r"^(?:grin|lat|laugh|smil|suk|sigh|host|cough|paus|stil|silen|peg|point|nik|nod|ryst|shak|hvisk|whisper"
    r"|råb|shout|syng|sing|græd|cry|rømm|clear|overlap|afbryd|interrupt|tøv|hesit|tænk|think|utyd|uhør|inaud"
    r"|unint|crosstalk|i munden|begge|flere|kort|lang|long|short|nøl|fnis|gigg|telefon|phone|i telefon|højt"
    r"|lavt|loud|soft|quiet|stamm|tørr|viser|shows|læser|reads?|går|rejser|ironi|music|musik|støj|noise|oversat|translat)",
    re.IGNORECASE,
)
UNKNOWN_VOICE = re.compile(r"^\?{1,3}$")
NUMBERED_HEADINGS = re.compile(
    r"^(?:spørgsmål|spm\.?|question|tema|theme|emne|topic|del|part|afsnit|section|kapitel|chapter|bilag|appendix|side|page"
    r"|uge|week|fase|phase|trin|step|figur|figure|tabel|table|runde|round|ekstraspørgsmål|q|punkt|item)"
    r"\s*(?<!q)(?<!\bq )\d+(?:[., ]\d+)*\s?[a-z]?$",
    re.IGNORECASE,
)
PARTICLES = listed(
    "von van de der den af of og and da di la le du el al bin ben ibn abu abd ad as ash at an ul ur"
    " til the & + /"
)
_CODE = re.compile(r"^[A-ZÆØÅ]{1,4}[.\- ]?\d{0,4}[A-Za-z]?$")
_WORD = re.compile(r"[^\W\d_]+")
_IGNORED = str.maketrans(
    {
        **dict.fromkeys(".,:;*_-–—‑#>()[]", " "),
        **dict.fromkeys("\"'“”‘’´`\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069", ""),
    }
)
_ARTICLES = ("en", "et", "n", "erne", "ne", "er")
_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d_])(?=\d)")


@lru_cache(maxsize=16384)
def key_of(label: str) -> str:
    """Return what makes two labels one speaker: case, spacing and punctuation do not count, also between a
    word and its number (`S 1`, `s1.`, `S-1` give `s 1`)."""
    plain = label.casefold().translate(_IGNORED)
    return " ".join(_BEFORE_NUMBER.sub(" ", plain).split())


def first_word(label: str) -> str:
    """Return the first word of a label in lower case, digits away: `INT2` gives `int`."""
    found = _WORD.search(label)
    return found.group().casefold() if found else ""


@lru_cache(maxsize=16384)
def is_role(label: str) -> bool:
    """Say whether a label is a known role, alone or with a number, a letter or a name: `Leder 2`, `INT1`,
    `P3`.

    One-letter roles count only with nothing else beside them than a number.
    """
    key, word = key_of(label), first_word(label)
    if UNKNOWN_VOICE.match(key):
        return True
    rest = key.replace(word, "", 1).strip(" ?")
    known = word in INTERVIEWER_WORDS or word in RESPONDENT_WORDS or word in OTHER_ROLE_WORDS
    if len(word) == 1:
        return bool(re.fullmatch(r"[a-zæøå] ?\d{0,3}\??", key)) and (known or bool(rest))
    if not known or NUMBERED_HEADINGS.match(key):
        return False
    return len(rest) <= 3 or all(
        _looks_like_name(part) or first_word(part) in RESPONDENT_WORDS for part in _parts(label)[1:]
    )


def is_sentence_word(word: str) -> bool:
    """Say whether a word, also with the Danish article behind it (`resultatet`), opens sentences or facts."""
    if word in NOT_A_SPEAKER:
        return True
    return any(len(word) > len(end) + 4 and word.removesuffix(end) in NOT_A_SPEAKER for end in _ARTICLES)


@lru_cache(maxsize=16384)
def is_name_like(label: str) -> bool:
    """Say whether a label could be a name, a code or a role: each word capitalised or a number, and few of
    them."""
    parts = _parts(label)
    if UNKNOWN_VOICE.match(label):
        return True
    if not parts or len(parts) > 6 or not _WORD.search(label):
        return False
    if is_role(label) or (_COURT.match(label) and (label.isupper() or parts[0].casefold() != "the")):
        return len(parts) <= 5
    if is_sentence_word(first_word(label)) or NUMBERED_HEADINGS.match(key_of(label)):
        return False
    return (
        len(parts) <= 5 and _looks_like_name(parts[0]) and all(_looks_like_name(part) for part in parts[1:])
    )


def is_code(label: str) -> bool:
    """Say whether a label is a short code: `P1`, `IP`, `A`, `R-2`."""
    return bool(_CODE.match(label.strip(" .:")))


def _parts(label: str) -> list[str]:
    return [part for part in re.split(r"[\s,/]+", label) if part.strip(".-–—()")]


def _looks_like_name(part: str) -> bool:
    bare = part.strip("().'’\"?\u200e\u200f")
    if not bare:
        return True
    prefix, hyphen, rest = bare.partition("-")
    if hyphen and rest and prefix in PARTICLES:  # el-Hassan, al-Sayed
        return rest[0].isupper()
    letter = bare[0]
    caseless = letter.isalpha() and letter.lower() == letter.upper()
    return letter.isupper() or letter.isdigit() or caseless or bare.casefold() in PARTICLES
