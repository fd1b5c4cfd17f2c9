"""`youju doctor`: what is set, and whether everything is as it has to be, a line a check.

The library is looked at by whoever owns it, a running server or this process (index/sound.py says
what is looked at); the rest is looked at from here. Secrets are never shown.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.archive import MIN_FREE
from index.errors import IndexingError, ModelError
from index.graph import check_folder
from index.types import Finding, Subject
from qa import local_model
from qa.model import load_writer
from qa.remote import Owner, RemoteDesk
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.desk import Desk

_MODELS = Path(__file__).parent.parent / "models"
# The encoder and the reader that are shipped.
_SHIPPED = ("e5-small-zh", "reader-zh")
_TOKENS = _MODELS / "tiktoken"
_SUBJECTS: Mapping[Subject, str] = {
    "model": "模型",
    "database": "资料库",
    "files": "原件",
    "documents": "文档",
    "terms": "词表",
    "index": "索引",
}

OpenDesk = Callable[[Settings], AbstractContextManager["Desk"]]


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was checked, whether it is sound, what was seen, and what to type next."""

    name: str
    sound: bool
    told: str
    advice: str = ""
    mended: str = ""


@dataclass(frozen=True, slots=True)
class Set:
    """A setting: its value as it may be shown, and where that comes from."""

    name: str
    value: str
    origin: str


def settings_shown(
    settings: Settings, given: frozenset[str], environment: Mapping[str, str] = os.environ
) -> tuple[Set, ...]:
    """Every setting; `given` are those of the command line."""
    return tuple(
        Set(field.name, _value(settings, field.name, secret=not field.repr), origin)
        for field in fields(settings)
        for origin in [_origin(field.name, given, environment)]
    )


def examine(
    settings: Settings,
    open_desk: OpenDesk,
    *,
    repair: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Iterator[Check]:
    """Every check, in the order in which one thing needs another."""
    yield _names(environment)
    for name in _SHIPPED:
        yield _model(_MODELS / name)
    if settings.model:
        yield _own_model(settings.model)
    yield _tokens(environment)
    if settings.llm:
        yield _writer(settings)
    yield _folder(settings.data)
    yield _room(settings.data)
    yield _port(settings)
    yield from _library(settings, open_desk, repair)


def _origin(name: str, given: frozenset[str], environment: Mapping[str, str]) -> str:
    if name in given:
        return f"命令行 --{name}"
    variable = f"YOUJU_{name.upper()}"
    return f"环境变量 {variable}" if environment.get(variable) else "默认"


def _value(settings: Settings, name: str, *, secret: bool) -> str:
    value = str(getattr(settings, name))
    if secret:
        return "已设置，不显示" if value else "未设置"
    if "@" in value and "://" in value:
        # What stands before the host in an address is a secret, too.
        scheme, _, rest = value.partition("://")
        return f"{scheme}://…@{rest.rpartition('@')[2]}"
    return value or "未设置"


def _names(environment: Mapping[str, str]) -> Check:
    known = {f"YOUJU_{field.name.upper()}" for field in fields(Settings)}
    unknown = sorted(n for n in environment if n.startswith("YOUJU_") and n not in known)
    if unknown:
        told = f"没有这样的设置：{'、'.join(unknown)}"
        return Check("设置", False, told, "改正变量名，各项设置见 README；或 unset 它")
    return Check("设置", True, "环境变量都认得")


def _model(folder: Path) -> Check:
    try:
        check_folder(folder)
    except ModelError as error:
        advice = f"git checkout -- models/{folder.name}，或重新安装 Youju"
        return Check("模型", False, f"随附的模型 {folder.name} 不完整：{error}", advice)
    return Check("模型", True, f"随附的模型 {folder.name} 完整")


def _own_model(name: str) -> Check:
    # One by its name may be on this machine or be fetched: that is known when it is loaded.
    if Path(name).is_dir() or not name.startswith((".", "/", "~")):
        return Check("模型", True, f"另行指定的嵌入模型 {name}")
    return Check(
        "模型", False, f"没有指定的嵌入模型 {name}", "改正 YOUJU_MODEL，或 unset YOUJU_MODEL"
    )


def _tokens(environment: Mapping[str, str]) -> Check:
    """Whether a prompt can be counted without a network: the table stands where it is looked for."""
    elsewhere = environment.get("TIKTOKEN_CACHE_DIR")
    if elsewhere is None:
        return _model(_TOKENS)
    missing = [
        f.name
        for f in _TOKENS.iterdir()
        if f.suffix == "" and not (Path(elsewhere) / f.name).is_file()
    ]
    if missing:
        told = f"TIKTOKEN_CACHE_DIR 指向 {elsewhere}，那里没有词元表 {missing[0]}，会去联网取"
        return Check("模型", False, told, "unset TIKTOKEN_CACHE_DIR")
    return Check("模型", True, f"词元表在 {elsewhere}，不联网就能用")


def _writer(settings: Settings) -> Check:
    try:
        if settings.llm == local_model.NAME:
            if not local_model.path_of(settings).is_file():
                return Check("语言模型", False, "本机的语言模型还没有取回", "make local-llm")
        else:
            load_writer(settings)
    except ValueError as error:
        return Check("语言模型", False, str(error), "改正 YOUJU_LLM 等设置，或 unset YOUJU_LLM")
    return Check("语言模型", True, f"{settings.llm} 已配置（没有向它发请求）")


def _folder(folder: Path) -> Check:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"youju")
            file.flush()
    except OSError as error:
        told = f"数据目录 {folder.resolve()} 不能写入：{error.strerror}"
        return Check(
            "数据目录", False, told, f"检查文件夹权限：ls -ld {folder}；或用 --data 换一个目录"
        )
    return Check("数据目录", True, f"{folder.resolve()} 可以写入")


def _room(folder: Path) -> Check:
    at = next(path for path in (folder.resolve(), *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(at).free
    told = f"磁盘还剩 {free / 1e9:.1f} GB"
    if free < MIN_FREE:
        return Check("磁盘", False, f"{told}，不足以收录文件", f"腾出空间后再试：df -h {folder}")
    return Check("磁盘", True, told)


def _port(settings: Settings) -> Check:
    owner = Owner.of(settings.data)
    if owner and urlsplit(owner.url).port == settings.port and _answers(settings.data):
        return Check("端口", True, f"{settings.port} 正由这个资料库的服务使用：{owner.url}")
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        socket.create_server((settings.host, settings.port), family=family).close()
    except (OSError, OverflowError) as error:
        told = f"{settings.host} 的端口 {settings.port} 不能用：{error}"
        return Check("端口", False, told, f"换一个端口：youju serve --port {settings.port + 1}")
    return Check("端口", True, f"{settings.port} 空闲")


def _answers(folder: Path) -> bool:
    desk = RemoteDesk.connect(folder)
    if desk is not None:
        desk.close()
    return desk is not None


def _library(settings: Settings, open_desk: OpenDesk, repair: bool) -> Iterator[Check]:
    try:
        # A language model is not needed, and may be what is wrong.
        with open_desk(replace(settings, llm="")) as desk:
            yield from map(_of_library, desk.examine(repair))
    except IndexingError as error:
        yield Check("资料库", False, str(error))


def _of_library(finding: Finding) -> Check:
    return Check(
        _SUBJECTS[finding.subject], finding.sound, finding.told, finding.advice, finding.mended
    )
