"""`youju site` and `youju key`: who may use the API. A running server goes by it at once."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import IndexingError
from qa.remote import Owner
from qa.settings import Settings
from web.api.filters import Filter
from web.api.origins import normal
from web.api.register import THEMES, Key, Register, Site

KEEP = "请现在保存好，它不会再显示；丢失后用 youju key new 换一个新的。"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command of `site` or `key`, which is the first argument; returns the exit code."""
    try:
        arguments = _arguments(argv)
        lines: list[str] = arguments.run(arguments, Register(arguments.data))
    except (IndexingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(lines))
    return 0


def _add_site(arguments: argparse.Namespace, register: Register) -> list[str]:
    fields = _given(arguments)
    site = Site(arguments.name, fields.pop("origins", ()), **fields)
    register.add_site(site)
    return [
        f"已登记“{site.name}”（{_told(site.documents)}）。网页用这个公开编号换取令牌：{site.id}",
        f"把这一行放进网页（换成网页能访问到的本服务地址）：\n{_snippet(site, arguments.data)}",
        f"别的放法见 /widget/embed?site={site.id}，试用见 /widget/demo?site={site.id}",
    ]


def _set_site(arguments: argparse.Namespace, register: Register) -> list[str]:
    found = [site for site in register.all_sites() if site.name == arguments.name]
    if not found:
        raise ValueError(f"没有名为“{arguments.name}”的网站。请用 youju site list 查看有哪些。")
    register.change_site(replace(found[0], **_given(arguments)))
    return [f"已更改“{arguments.name}”，网页里的那一行不用改。"]


def _given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The fields of a site that were named."""
    fields = {
        "origins": tuple(dict.fromkeys(map(normal, arguments.origin or ()))),
        "documents": Filter(tuple(arguments.documents)) if arguments.documents else None,
        **{name: getattr(arguments, name) for name in ("per_minute", "theme", "accent", "label")},
    }
    return {name: value for name, value in fields.items() if value not in (None, ())}


def _snippet(site: Site, data: Path) -> str:
    """What a page embeds, with the address of the server that runs now, if one does."""
    owner = Owner.of(data)
    url = owner.url if owner else "https://youju.example.intra"
    return f'<script src="{url}/widget.js" data-site="{site.id}" async></script>'


def _list_sites(_: argparse.Namespace, register: Register) -> list[str]:
    lines = [
        f"{site.id}  {site.name}  {' '.join(site.origins)}  {_told(site.documents)}  "
        f"每分钟 {site.per_minute} 次"
        for site in register.all_sites()
    ]
    return lines or ["还没有登记网站。请用 youju site add 名称 --origin https://…"]


def _remove_site(arguments: argparse.Namespace, register: Register) -> list[str]:
    register.remove_site(arguments.name)
    return [f"已取消“{arguments.name}”的登记，它的令牌即刻失效。"]


def _new_key(_: argparse.Namespace, register: Register) -> list[str]:
    return [f"新的管理员密钥：{register.renew_admin_key()}", f"原来的已失效。{KEEP}"]


def _add_key(arguments: argparse.Namespace, register: Register) -> list[str]:
    key = register.add_key(Key(arguments.name, Filter(tuple(arguments.documents))))
    return [f"“{arguments.name}”的密钥：{key}", KEEP]


def _list_keys(_: argparse.Namespace, register: Register) -> list[str]:
    lines = [
        f"{key.name}  {'管理员' if key.is_admin else _told(key.documents)}"
        for key in register.all_keys()
    ]
    return lines or [
        "还没有密钥。请用 youju key new 生成管理员密钥，用 youju key add 名称 给程序生成密钥。"
    ]


def _remove_key(arguments: argparse.Namespace, register: Register) -> list[str]:
    register.remove_key(arguments.name)
    return [f"“{arguments.name}”的密钥已失效。"]


def _told(documents: Filter) -> str:
    return f"限于 {' '.join(documents.patterns)}" if documents.patterns else "全部文档"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--data", type=Path, metavar="DIR", default=Settings.from_environment().data,
        help="数据目录（默认 %(default)s）",
    )  # fmt: skip
    within = argparse.ArgumentParser(add_help=False)
    within.add_argument(
        "--documents", action="append", default=[], metavar="范围",
        help="只限这些文档，可多次给出，例如 '公告/*'、'*.pdf'、'title:关于*'、'publication:晨报*'",
    )  # fmt: skip
    parser = argparse.ArgumentParser(prog="youju", description="谁可以使用接口。")
    kinds = parser.add_subparsers(required=True, metavar="命令")
    site = kinds.add_parser("site", help="可以提问的网站").add_subparsers(required=True)
    for name, about, run in (
        ("add", "登记一个网站", _add_site),
        ("set", "更改一个网站，没有写的不变", _set_site),
    ):
        adding = site.add_parser(name, help=about, parents=[shared, within])
        adding.add_argument("name", metavar="名称")
        _add_site_options(adding, required=run is _add_site)
        adding.set_defaults(run=run)
    site.add_parser("list", help="列出登记的网站", parents=[shared]).set_defaults(run=_list_sites)
    removing = site.add_parser("remove", help="取消一个网站的登记", parents=[shared])
    removing.add_argument("name", metavar="名称")
    removing.set_defaults(run=_remove_site)
    key = kinds.add_parser("key", help="密钥").add_subparsers(required=True)
    key.add_parser("new", help="换一个新的管理员密钥", parents=[shared]).set_defaults(run=_new_key)
    program = key.add_parser("add", help="给一个程序生成密钥", parents=[shared, within])
    program.add_argument("name", metavar="名称")
    program.set_defaults(run=_add_key)
    key.add_parser("list", help="列出密钥", parents=[shared]).set_defaults(run=_list_keys)
    revoking = key.add_parser("remove", help="让一个密钥失效", parents=[shared])
    revoking.add_argument("name", metavar="名称")
    revoking.set_defaults(run=_remove_key)
    return parser.parse_args(argv)


def _add_site_options(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--origin", action="append", required=required,
        help="网站地址，可多次给出，例如 https://oa.example.intra",
    )  # fmt: skip
    parser.add_argument("--per-minute", type=int, help="每分钟次数（默认 120）")
    parser.add_argument("--theme", choices=THEMES, help="外观（默认 auto，随系统）")
    parser.add_argument("--accent", metavar="颜色", help="主色，例如 '#1f5c4d'")
    parser.add_argument("--label", metavar="文字", help="按钮和标题上的字")


if __name__ == "__main__":
    sys.exit(main())
