"""What the chat page says, in Chinese and in English. Documents and answers keep their own language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from qa.feedback import Reason
from qa.types import Mode, Stage

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the interface. Names in braces are filled in by `str.format`."""

    language: Language
    modes: Mapping[Mode, str]
    steps: Mapping[Stage, str]
    reasons: Mapping[Reason, str]
    # How sure an answer is: from which confidence on it is said so.
    sureness: tuple[tuple[float, str], ...]
    greeting: str
    held: str
    empty_library: str
    indexing: str
    library: str
    other_language: str
    sources: str
    no_sources: str
    placeholder: str
    placeholder_empty: str
    question: str
    ask: str
    stop: str
    failed: str
    busy: str
    export_markdown: str
    export_word: str
    scope: str
    scope_documents: str
    scope_since: str
    scope_until: str
    scope_nothing: str
    scope_count: str
    scope_unread: str
    scope_example: str
    understood: str
    edit: str
    near: str
    near_hint: str
    no_evidence: str
    nothing_of: str
    comma: str
    checked: str
    quoted: str
    worded: str
    calculated: str
    variants: str
    undated: str
    ask_next: str
    can_answer: str
    copy: str
    copy_markdown: str
    again: str
    up: str
    down: str
    open: str
    context: str
    source: str
    page: str
    sheet: str
    characters: str
    apology: str
    conversation: str
    feedback_title: str
    remark: str
    correction: str
    send: str
    cancel: str
    copied: str
    thanks: str
    lost: str
    offline: str
    queued: str
    follows: str
    too_long: str
    talk: str
    clear: str
    to_end: str
    go_on: str
    undo: str
    take_out: str
    take_out_all: str


ZH = Words(
    language="zh",
    modes={
        "extract": "原文摘录",
        "generate": "模型改写",
        "calculate": "计算得出",
        "refuse": "证据不足",
    },
    steps={
        "retrieve": "正在查找原文…",
        "read": "正在读找到的段落…",
        "write": "正在改写，逐句核对…",
    },
    reasons={
        "wrong": "答案不对",
        "citation": "引文不对",
        "incomplete": "答得不全",
        "should_answer": "资料里有，却没答",
        "should_refuse": "资料里没有，不该答",
        "other": "其他",
    },
    sureness=((0.9, "很有把握"), (0.7, "较有把握"), (0.0, "请核对原文")),
    greeting="就本单位的文件提问，每个答案都指到原文。",
    held="现有 {count} 份文档",
    empty_library="资料库还是空的",
    indexing="索引正在重建，期间查找稍慢，结果不受影响。",
    library="资料库",
    other_language="English",
    sources="来源",
    no_sources="提问后，答案所依据的原文列在这里，被引用的字句标出底色。",
    placeholder="就资料库里的文件提问，答案都指到原文的那几个字。",
    placeholder_empty="资料库还是空的。[去上传文件](/library)，然后就可以提问。",
    question="请输入问题",
    ask="提问",
    stop="停止",
    failed="回答时出了错，已记入服务的日志。请稍后再试，或换一种问法。",
    busy="现在提问的人很多，请过一会儿再问。",
    export_markdown="导出 Markdown",
    export_word="导出 Word",
    scope="提问范围",
    scope_documents="只在这些文档中查找",
    scope_since="文档日期从",
    scope_until="到",
    scope_nothing="选定的范围里没有文档。",
    scope_count="{count} 份文档",
    scope_unread="没有看懂日期“{day}”，请写成 2024、2024-05 或 2024-05-01",
    scope_example="如 {day}",
    understood="理解为：",
    edit="修改",
    near="相近段落（不是答案）",
    near_hint="来源栏列出了最相近的段落，它们不是答案。",
    no_evidence="资料库里没有找到能回答这个问题的原文。",
    nothing_of="资料库里没有找到能回答这个问题的原文，没有依据的是{terms}。",
    comma="、",
    checked="改写，已与引文核对",
    quoted="原文",
    worded="由模型改写，每句都已与引文核对；加下划线的是原文。",
    calculated="原文没有直接写出这个结果：由程序按引文里的数算出，请核对口径。",
    variants="各文档给出的值不同，请核对口径",
    undated="日期不详",
    ask_next="接着问",
    can_answer="资料库能回答的问题",
    copy="复制",
    copy_markdown="复制 Markdown",
    again="重问",
    up="有用",
    down="有误",
    open="打开全文",
    context="查看上下文",
    source="来源 {number}：{title}",
    page="第{page}页",
    sheet="第{page}版",
    characters="字符 {start}–{end}",
    apology="出错",
    conversation="有据的问答记录",
    feedback_title="这个答案哪里不对？",
    remark="说明（可不填）",
    correction="正确的答案（知道的话）",
    send="提交",
    cancel="取消",
    copied="已复制",
    thanks="谢谢，已记下",
    lost="没有成功，请刷新页面再试",
    offline="与服务器的连接断了，正在重新连接…",
    queued="前面还有人在问，正在排队…",
    follows="上一个问题答完，就问这一个…",
    too_long="问题最长 {most} 字，超出的部分没有放进来。",
    talk="对话",
    clear="清空对话",
    to_end="到最后",
    go_on="继续上次的对话：{question}",
    undo="对话已清空，撤销",
    take_out="移去：",
    take_out_all="全部移去",
)

EN = Words(
    language="en",
    modes={
        "extract": "Verbatim",
        "generate": "Reworded, checked",
        "calculate": "Calculated",
        "refuse": "No evidence",
    },
    steps={
        "retrieve": "Searching the documents…",
        "read": "Reading the passages found…",
        "write": "Wording the answer, checking each sentence…",
    },
    reasons={
        "wrong": "The answer is wrong",
        "citation": "The citation is wrong",
        "incomplete": "It is incomplete",
        "should_answer": "The documents do answer it",
        "should_refuse": "The documents don't say this",
        "other": "Something else",
    },
    sureness=((0.9, "very sure"), (0.7, "fairly sure"), (0.0, "please check the source")),
    greeting="Ask about your organisation's documents; every answer points to its source.",
    held="{count} document(s)",
    empty_library="The library is empty",
    indexing="The index is being rebuilt. Search is a little slower meanwhile; results are the same.",
    library="Library",
    other_language="中文",
    sources="Sources",
    no_sources="The passages an answer rests on appear here, with the cited words highlighted.",
    placeholder="Ask about the documents in the library; answers point to the exact words.",
    placeholder_empty="The library is empty. [Upload files](/library), then ask.",
    question="Type a question",
    ask="Ask",
    stop="Stop",
    failed="Something went wrong and was logged. Try again later, or ask in other words.",
    busy="Many people are asking right now. Please try again in a moment.",
    export_markdown="Export Markdown",
    export_word="Export Word",
    scope="Scope",
    scope_documents="Search these documents only",
    scope_since="Dated from",
    scope_until="to",
    scope_nothing="No document is within the chosen scope.",
    scope_count="{count} document(s)",
    scope_unread="“{day}” is no date; write 2024, 2024-05 or 2024-05-01",
    scope_example="such as {day}",
    understood="Understood as: ",
    edit="Edit",
    near="Nearest passages (not an answer)",
    near_hint="The nearest passages are listed under Sources; they are not an answer.",
    no_evidence="No passage in the library answers this question.",
    nothing_of="No passage in the library answers this question; nothing was found on {terms}.",
    comma=", ",
    checked="Reworded, checked against its citation",
    quoted="Verbatim",
    worded="Worded by a model, every sentence checked against its citation; underlined is verbatim.",
    calculated="No document states this result: it was computed from the figures cited. Check that they count alike.",
    variants="The documents give different values; check what each counts",
    undated="undated",
    ask_next="Ask next",
    can_answer="Questions the library can answer",
    copy="Copy",
    copy_markdown="Copy Markdown",
    again="Ask again",
    up="Helpful",
    down="Not right",
    open="Open document",
    context="Show context",
    source="Source {number}: {title}",
    page="p. {page}",
    sheet="p. {page}",
    characters="characters {start}–{end}",
    apology="Error",
    conversation="Conversation with Youju",
    feedback_title="What is wrong with this answer?",
    remark="Remarks (optional)",
    correction="The right answer (if you know it)",
    send="Send",
    cancel="Cancel",
    copied="Copied",
    thanks="Thank you, noted",
    lost="That failed; reload the page and try again",
    offline="The connection to the server was lost; reconnecting…",
    queued="Others are asking; waiting in line…",
    follows="This will be asked as soon as the answer before it is there…",
    too_long="A question has {most} characters at most; the rest was left out.",
    talk="Conversation",
    clear="Clear the conversation",
    to_end="To the end",
    go_on="Continue the last conversation: {question}",
    undo="Cleared. Undo",
    take_out="Remove: ",
    take_out_all="Remove all",
)

_WORDS: Mapping[Language, Words] = {"zh": ZH, "en": EN}


def spoken(asked: str, accepted: str = "") -> Words:
    """The language asked for ("zh", "en"), else the first of the two a browser accepts, else Chinese.

    >>> spoken("", "de,en-GB;q=0.9,zh;q=0.8").language, spoken("zh", "en").language
    ('en', 'zh')
    """
    wanted = [asked, *(part.split(";")[0] for part in accepted.split(","))]
    known = (word.strip()[:2].lower() for word in wanted)
    return next((words for name in known for key, words in _WORDS.items() if key == name), ZH)


def counted(form: str, count: int) -> str:
    """Words with a count in them: "(s)" is the ending of a plural.

    >>> counted("{count} document(s)", 1), counted("{count} document(s)", 2)
    ('1 document', '2 documents')
    """
    return form.format(count=count).replace("(s)", "" if count == 1 else "s")


def for_script() -> dict[str, dict[str, object]]:
    """What web/chat.js says itself, by language."""
    names = (
        "reasons feedback_title remark correction send cancel copied thanks lost offline queued "
        "follows too_long talk clear to_end take_out take_out_all"
    ).split()
    return {key: {name: getattr(words, name) for name in names} for key, words in _WORDS.items()}
