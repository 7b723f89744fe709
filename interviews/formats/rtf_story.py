"""Where the words of an RTF file go: paragraphs, and tables known only by the ends of their cells."""

from __future__ import annotations

from interviews.formats.flow import Flow, Key


class Story:
    """The body, a text box, a comment or a note. Rows wait until their table ends."""

    def __init__(self, file: str) -> None:
        self.flow = Flow(file)
        self.boxes: list[Story] = []
        self._file = file
        self._cells: dict[int, Flow] = {}
        self._rows: dict[int, list[Flow]] = {}
        self._table: list[list[Flow]] = []
        self._tables = 0

    def at(self, depth: int) -> Flow:
        """Return where words go. depth : 0 outside tables, 1 in a table, 2 in a table in it."""
        if depth == 0:
            self._end_table()
            return self.flow
        return self._cells.setdefault(depth, Flow(self._file))

    def mark(self, key: Key, depth: int) -> None:
        """Remember a place. What ends behind a table ends in its last cell."""
        if depth == 0 and key[0] == "end" and self._table and self._table[-1]:
            self._table[-1][-1].mark(key)
        else:
            self.at(depth).mark(key)

    def end_cell(self, depth: int) -> None:
        """Close a cell."""
        cell = self._cells.pop(depth, None) or Flow(self._file)
        cell.finish()
        self._rows.setdefault(depth, []).append(cell)

    def end_row(self, depth: int) -> None:
        """Close a row; one of a table in a table stands in the cell around it."""
        if depth in self._cells and self._cells[depth].open:
            self.end_cell(depth)
        row = self._rows.pop(depth, [])
        if depth > 1:
            around = self._cells.setdefault(depth - 1, Flow(self._file))
            around.finish()
            around.row(row, table=0)
        elif row:
            self._table.append(row)

    def finish(self) -> Flow:
        """Close the story and return its paragraphs."""
        for depth in sorted({*self._cells, *self._rows}, reverse=True):
            if depth in self._cells:
                self.end_cell(depth)
            self.end_row(depth)
        self._end_table()
        self.flow.finish()
        self.boxes_out(self.flow)
        return self.flow

    def boxes_out(self, flow: Flow) -> None:
        """Put the text boxes that stood in a paragraph behind it."""
        while self.boxes:
            flow.splice(self.boxes.pop(0).finish())

    def _end_table(self) -> None:
        if not self._table:
            return
        rows, self._table = self._table, []
        if self.flow.open:
            self.flow.end()
        if max(len(row) for row in rows) == 1:
            for row in rows:
                self.flow.splice(row[0])
        else:
            for row in rows:
                self.flow.row(row, table=self._tables)
        self._tables += 1
