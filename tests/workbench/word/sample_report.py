"""A small report with every kind of block, in both languages; all its content is invented."""

from __future__ import annotations

import pandas as pd

from workbench.display import Column, CountCell, EstimateCell, TableSpec, stars_note
from workbench.figures import coefficient_plot, presence_by_group, radar
from workbench.i18n import Language
from workbench.word import (
    Block,
    BulletList,
    Contents,
    Emphasis,
    FigureBlock,
    Heading,
    LandscapeSection,
    PageBreak,
    Paragraph,
    Quotation,
    Reference,
    Strong,
    Table,
    Title,
    TraceEntry,
    TraceTable,
)

QUOTATION = {
    "da": "Jeg forstår det meste, når de taler langsomt. Men i kantinen går det for stærkt, og så siger jeg ikke noget. [...] Det bliver bedre.",  # noqa: E501
    "en": "I understand most of it when they speak slowly. But in the canteen it goes too fast, and then I say nothing. [...] It is getting better.",  # noqa: E501
}
PROSE = {
    "da": "Sproget går igen i alle fire grupper af interview. Lederne taler om det som en betingelse for at få et job, mens borgerne taler om det som noget, man lærer på jobbet, når der er nogen at tale med. Forskellen handler altså mere om rækkefølgen end om, hvor vigtigt sproget er.",  # noqa: E501
    "en": "Language recurs in all four groups of interviews. Leaders speak of it as a condition for getting a job, whereas citizens speak of it as something learnt on the job when there is somebody to talk to. The difference is one of order rather than of importance.",  # noqa: E501
}


def pick(language: Language, danish: str, english: str) -> str:
    return danish if language == "da" else english


def factor_table(language: Language) -> TableSpec:
    labels = ("Taler dansk", "Forstår dansk", "Samarbejde om opgaver", "Møder til tiden")
    english = ("Speaks Danish", "Understands Danish", "Solves tasks with others", "Turns up on time")
    values = ((0.12, 0.8541, 0.15), (0.17, 0.8466, 0.12), (0.35, 0.23, 0.5512), (0.2, 0.17, -0.44))
    names = labels if language == "da" else english
    group = pick(language, "Faktor", "Factor")
    return TableSpec(
        key="loadings",
        title=pick(
            language, "Roterede faktorladninger, borgerens svar", "Rotated loadings, citizens' answers"
        ),
        columns=(
            Column("item", pick(language, "Indikator", "Indicator")),
            Column("f1", pick(language, "Selvtillid", "Confidence"), "decimal", 2, group=group),
            Column("f2", pick(language, "Dansk", "Danish"), "decimal", 2, group=group),
            Column("f3", pick(language, "Samarbejde", "Cooperation"), "decimal", 2, group=group),
            Column("n", "N", "integer"),
            Column("share", pick(language, "Andel", "Share"), "percent", 1),
        ),
        rows=tuple(
            (name, *row, 1007 - 300 * index, 4.5 + 20 * index)
            for index, (name, row) in enumerate(zip(names, values, strict=True))
        ),
        notes=(
            pick(language, "Varimax uden Kaiser-normalisering.", "Varimax without Kaiser normalisation."),
        ),
        source=pick(language, "Opfundne tal.", "Invented figures."),
        language=language,
    )


def estimate_table(language: Language) -> TableSpec:
    mean = 0.137
    return TableSpec(
        key="effects",
        title=pick(language, "Effekter på beskæftigelse og praktik", "Effects on employment and internships"),
        columns=(
            Column("term", ""),
            Column("employment", pick(language, "Beskæftigelse", "Employment"), "estimate", 3),
            Column("internship", pick(language, "Praktik", "Internship"), "estimate", 3),
        ),
        rows=(
            ("2017", EstimateCell(-0.004, 0.008), EstimateCell(0.006, 0.011)),
            ("2018", EstimateCell(-0.013, 0.009, "+"), EstimateCell(0.031, 0.012, "**", 0.12)),
            ("2017-2018", EstimateCell(-0.008, 0.007, "", mean), EstimateCell(0.019, 0.009, "*")),
            (pick(language, "Mænd", "Men"), EstimateCell(-0.019, 0.015), EstimateCell(0.038, 0.014, "**")),
            (
                pick(language, "Kvinder", "Women"),
                EstimateCell(-0.006, 0.006),
                EstimateCell(0.023, 0.012, "*"),
            ),
            ("N", 124356, 124356),
            ("R²", 0.0413, 0.285),
        ),
        remarks=(pick(language, "Gennemsnit i kantet parentes.", "Means in square brackets."),),
        notes=(stars_note(language),),
        source=pick(language, "Egne beregninger.", "Own calculations."),
        language=language,
        sections=((0, pick(language, "Alle", "All")), (3, pick(language, "Køn", "Gender"))),
        summary_from=5,
    )


def joint_display(language: Language) -> TableSpec:
    interpretation = PROSE[language]
    verdict = pick(language, "Delvis overensstemmelse", "Partial agreement")
    themes = ("Sprog", "Helbred", "IGU") if language == "da" else ("Language", "Health", "IGU")
    numbers = pick(
        language,
        "Dansk, borger: 4,1\nDansk, sagsbehandler: 3,6\nUddannelse 2017-2018: 0,002 (0,009)",
        "Danish, citizen: 4.1\nDanish, caseworker: 3.6\nEducation 2017-2018: 0.002 (0.009)",
    )
    silent = pick(language, "Ingen tal i materialet", "No figures in the material")
    group = pick(language, "Hvem taler om det", "Who speaks of it")
    return TableSpec(
        key="joint_display",
        title=pick(language, "Temaer ved siden af tal", "Themes beside figures"),
        columns=(
            Column("theme", pick(language, "Tema", "Theme"), weight=1.1, emphasis="strong"),
            Column("leader", pick(language, "Leder", "Leader"), align="center", weight=0.8, group=group),
            Column("citizen", pick(language, "Borger", "Citizen"), align="center", weight=0.8, group=group),
            Column("quotation", pick(language, "Citat", "Quotation"), weight=3.2, emphasis="italic"),
            Column("numbers", pick(language, "Tal", "Figures"), weight=2.5),
            Column("verdict", pick(language, "Vurdering", "Verdict"), weight=1.5, emphasis="strong"),
            Column("interpretation", pick(language, "Fortolkning", "Interpretation"), weight=3.6),
        ),
        rows=tuple(
            (
                theme,
                CountCell(6 - index, 8),
                CountCell(12 + index, 20),
                QUOTATION[language],
                silent if index == 2 else numbers,
                pick(language, "Tavshed", "Silence") if index == 2 else verdict,
                interpretation,
            )
            for index, theme in enumerate(themes)
        ),
        notes=(pick(language, "Antal interview, ikke personer.", "Interviews, not persons."),),
        language=language,
    )


def star(language: Language) -> FigureBlock:
    axes = [row[0] for row in factor_table(language).rows]
    axes += ["Helbred i forhold til arbejde"] if language == "da" else ["Health in relation to work"]
    respondents = ("Borger", "Sagsbehandler") if language == "da" else ("Citizen", "Caseworker")
    rows = [
        {"axis": axis, "respondent": who, "round": round_, "value": 2 + (index * 2 + place + round_) % 5}
        for index, axis in enumerate(axes)
        for place, who in enumerate(respondents)
        for round_ in (1, 2)
    ]
    title = pick(language, "FIP-stjerne for en opfunden borger", "FIP star of an invented citizen")
    return FigureBlock(radar(pd.DataFrame(rows), title=title, language=language), "star")


def presence(language: Language) -> FigureBlock:
    groups = ("Leder", "Borger") if language == "da" else ("Leader", "Citizen")
    themes = ("Sprog", "Helbred") if language == "da" else ("Language", "Health")
    rows = [
        {"theme": theme, "group": group, "k": 3 + index + place, "n": (8, 20)[place]}
        for index, theme in enumerate(themes)
        for place, group in enumerate(groups)
    ]
    title = pick(language, "Interview, hvor temaet forekommer", "Interviews in which the theme occurs")
    source = pick(language, "Opfundne interview.", "Invented interviews.")
    figure = presence_by_group(pd.DataFrame(rows), title=title, language=language, source=source)
    return FigureBlock(figure, "presence")


def coefficients(language: Language) -> FigureBlock:
    rows = [
        {"label": label, "estimate": value, "ci_low": value - 1.96 * se, "ci_high": value + 1.96 * se}
        for label, value, se in (("2017", 0.006, 0.011), ("2018", 0.031, 0.012))
    ]
    title = pick(language, "Effekt på praktik", "Effect on internships")
    return FigureBlock(coefficient_plot(pd.DataFrame(rows), title=title, language=language))


def sample_blocks(language: Language) -> list[Block]:
    da = language == "da"
    return [
        Title(
            pick(language, "Vejen til arbejde", "The road to work"),
            pick(language, "Evaluering af en integrationsindsats", "Evaluation of an integration programme"),
            ("Opfundet materiale",) if da else ("Invented material",),
        ),
        Contents(),
        PageBreak(),
        Heading(1, pick(language, "Sammenfatning", "Summary"), numbered=False),
        Paragraph(PROSE[language], "lead"),
        Paragraph((pick(language, "Se ", "See "), Reference("effects"), pick(language, " og ", " and "),
                   Reference("language"), ".")),
        Heading(1, pick(language, "Sprog", "Language"), bookmark="language"),
        Paragraph((PROSE[language], " ", Strong(pick(language, "6 af 8 ledere.", "6 of 8 leaders.")),
                   " ", Emphasis(pick(language, "Citat følger.", "A quotation follows.")))),
        Quotation(QUOTATION[language], pick(language, "Borger, kvinde, 34 år", "Citizen, woman, 34"), "q1"),
        Paragraph(pick(language, "Interview giver ingen udbredelse. Jf. § 3 gælder 12,5 pct.",
                       "Interviews give no prevalence."), "caveat"),
        Heading(2, pick(language, "Hvem taler om det", "Who speaks of it")),
        presence(language),
        BulletList((pick(language, "Lederne ser en betingelse.", "Leaders see a condition."),
                    (pick(language, "Borgerne ser en vej, se ", "Citizens see a road, see "),
                     Reference("presence"), "."))),
        Heading(2, pick(language, "Hvad tallene siger", "What the figures say")),
        Paragraph(PROSE[language]),
        Table(factor_table(language), "loadings"),
        Paragraph(PROSE[language], "note"),
        Heading(1, pick(language, "Effekter", "Effects")),
        Paragraph((Reference("effects", capital=True),
                   pick(language, " viser resultaterne.", " shows the results."))),
        Table(estimate_table(language), "effects"),
        coefficients(language),
        star(language),
        Heading(1, pick(language, "Temaer og tal", "Themes and figures")),
        Paragraph((PROSE[language], " ", Reference("joint", capital=True),
                   pick(language, " samler det.", " brings it together."))),
        LandscapeSection((Table(joint_display(language), "joint"),)),
        Heading(1, pick(language, "Bilag", "Appendix"), numbered=False),
        TraceTable((TraceEntry("6/8", "CountCell", pick(language, "Interview 1-8", "Interviews 1-8")),
                    TraceEntry("0,031", "EstimateCell", "5.2"))),
    ]  # fmt: skip
