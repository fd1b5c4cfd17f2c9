"""Whatever is sent to the API, within its OpenAPI document or beside it, it answers as it says."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from index.archive import Archive
from qa.assistant import Assistant
from qa.desk import LocalDesk
from qa.settings import Settings
from tests.conftest import HashEmbedder, RuleReader, listening
from web.api.application import UPLOAD, create_api
from web.api.register import Register

_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
_Described = tuple[BaseSchema, str]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Described]:
    """What the server says of itself, and the administrator's key."""
    folder = tmp_path_factory.mktemp("schema")
    with Archive(folder, HashEmbedder) as archive:
        archive.add(
            "/年报.txt", "年报.txt", "甲区年报\n2024年，甲区完成工业投资12.5亿元。\n".encode()
        )
        desk = LocalDesk(archive, Assistant(archive, RuleReader()))
        key = Register(folder).renew_admin_key()
        with listening(lambda: create_api(desk, Settings(data=folder, per_minute=100_000))) as url:
            yield schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json"), key


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_operation_answers_as_it_is_described(
    described: _Described, mode: GenerationMode
) -> None:
    schema, key = described
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    assert len(operations) == 11
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue
        checks = [*_CHECKS]
        # The fields of a form are text whatever was meant.
        if mode is GenerationMode.NEGATIVE and operation.path != UPLOAD:
            checks.append(negative_data_rejection)
        _hold(operation, mode, checks, key)


def _hold(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    checks: Sequence[CheckFunction],
    key: str,
) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(operation.as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case[Any]) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        case.call_and_validate(headers=headers, checks=list(checks))

    holds()
