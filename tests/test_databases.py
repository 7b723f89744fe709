"""The databases that the tests are given are empty, real, and of both kinds."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, inspect, text


def test_a_test_gets_an_empty_database_that_keeps_danish_text(database_url: str) -> None:
    engine = create_engine(database_url)
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE word (id INTEGER PRIMARY KEY, form VARCHAR(40))"))
        connection.execute(text("INSERT INTO word VALUES (1, :form)"), {"form": "rød grød 👩🏽‍🏫 لغة"})
        assert connection.execute(text("SELECT form FROM word")).scalar_one() == "rød grød 👩🏽‍🏫 لغة"
    engine.dispose()


@pytest.mark.postgres
def test_two_postgres_tests_share_a_server_but_no_tables(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    assert engine.dialect.name == "postgresql"
    assert inspect(engine).get_table_names() == []
    engine.dispose()
