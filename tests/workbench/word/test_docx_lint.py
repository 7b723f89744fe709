"""The lint finds the faults it is for."""

import io
import zipfile

import pytest

from tests.workbench.word.docx_lint import faults


def broken(document: bytes, old: str, new: str) -> bytes:
    """The document with the first `old` of its body replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            data = source.read(name).decode("utf-8", "surrogateescape")
            if name == "word/document.xml":
                assert old in data
                data = data.replace(old, new, 1)
            target.writestr(name, data.encode("utf-8", "surrogateescape"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('<w:fldChar w:fldCharType="end"/>', "", "not closed"),
        ("<w:bookmarkEnd", "<w:proofErr", "not closed one by one"),
        ('w:name="_Toc00000002"', 'w:name="_Toc00000001"', "stands 2 times"),
        ("REF _Ref00000003", "REF _Ref00000099", "no such bookmark"),
        ('<w:gridSpan w:val="3"/>', '<w:gridSpan w:val="4"/>', "a row fills"),
        ('<wp:docPr id="2"', '<wp:docPr id="1"', "share an id"),
        ('w:pStyle w:val="Quote"', 'w:pStyle w:val="Citat"', "is not defined"),
        ("STYLEREF 1 \\s </w:instrText>", "SEQ Tabel </w:instrText>", "expected"),
        ('r:embed="rId', 'r:embed="rIdX', "has no relationship"),
    ],
)
def test_fault_is_found(rendered, old, new, fault):
    assert any(fault in each for each in faults(broken(rendered["da"], old, new)))
