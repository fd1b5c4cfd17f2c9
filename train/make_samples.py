"""Writes the three samples that no text editor writes: a Word file, a PDF and a GB18030 text.

Run from the repository root, with the project's environment and Debian's packages `chromium` and
`fonts-noto-cjk` installed:

    .venv/bin/python -m train.make_samples

- `临湖区2024年国民经济主要指标.docx`: headings, paragraphs and one real table with a header row.
- `临湖区2023年统计公报.pdf`: two pages with a text layer, printed by Chromium from HTML.
- `青屿科技远程办公与VPN使用说明.txt`: Chinese and English, encoded in GB18030.

All organisations, people and figures are invented. The two statistical documents belong together:
the PDF gives 2023 (and 2022) as first published, the Word file 2024 with 2023 as later revised.
Dates inside the files are fixed, so that the Word file and the text come out the same each time,
and the PDF too under one version of Chromium. The other samples are edited by hand.
"""

import io
import os
import re
import shutil
import subprocess
import tempfile
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

SAMPLES = Path(__file__).resolve().parent.parent / "samples"

INDICATORS_TITLE = "临湖区2024年国民经济主要指标"
INDICATORS_HEAD = """\
澄浦市临湖区统计局　2025年2月20日
2024年，全区经济运行总体平稳、稳中向好。初步核算，全年地区生产总值1263.8亿元，按不变价格计算，比上年增长6.0%。分产业看，第一产业增加值19.1亿元，增长3.2%；第二产业增加值598.5亿元，增长6.4%；第三产业增加值646.2亿元，增长5.7%。
工业和投资是主要支撑。规模以上工业增加值增速比地区生产总值快2.1个百分点；工业投资占固定资产投资的比重为38.4%。房地产开发投资继续下降，是投资中的主要拖累。
"""
INDICATORS_TABLE = """\
指标|单位|2024年|2023年|同比增长（%）
地区生产总值|亿元|1263.8|1191.2|6.0
规模以上工业增加值|亿元|461.5|426.7|8.1
固定资产投资|亿元|438.7|409.6|7.1
其中：工业投资|亿元|168.3|143.2|17.5
其中：高新技术产业投资|亿元|86.9|70.4|23.4
其中：房地产开发投资|亿元|117.6|128.9|-8.8
社会消费品零售总额|亿元|413.9|389.4|6.3
货物进出口总额|亿元|284.6|261.3|8.9
其中：出口|亿元|197.1|178.5|10.4
其中：进口|亿元|87.5|82.8|5.7
实际利用外资|亿美元|4.12|3.86|6.7
一般公共预算收入|亿元|103.1|98.6|4.6
其中：税收收入|亿元|86.7|84.1|3.1
一般公共预算支出|亿元|138.7|131.8|5.2
全体居民人均可支配收入|元|65479|62146|5.4
其中：城镇居民|元|72303|68925|4.9
其中：农村居民|元|46026|43217|6.5
国家高新技术企业|家|702|618|13.6
"""
INDICATORS_NOTES = """\
2024年末，全区常住人口87.9万人，比上年末增加1.5万人；城镇化率为78.6%。全社会研究与试验发展经费投入强度为3.61%，比上年提高0.19个百分点。城乡居民收入比由上年的1.59缩小到1.57。
1.2024年为初步统计数。地区生产总值、各产业增加值和规模以上工业增加值的绝对数按现价计算，增长速度按不变价格计算。
2.2023年地区生产总值已根据第五次全国经济普查结果修订为1191.2亿元，比此前统计公报公布的初步核算数多12.8亿元；表中其他指标的2023年数据未作调整。
3.数据咨询：区统计局综合科，联系人叶书宁，电话0900-86120456。
"""

BULLETIN_TITLE = "临湖区2023年国民经济和社会发展统计公报"
BULLETIN = """\
2023年，面对需求偏弱、外部环境偏紧的局面，全区上下把稳增长摆在突出位置，经济总体回升，民生持续改善。
# 一、综合
初步核算，2023年全区地区生产总值1178.4亿元，按不变价格计算，比上年增长6.5%。其中，第一产业增加值18.7亿元，增长3.0%；第二产业增加值562.3亿元，增长7.1%；第三产业增加值597.4亿元，增长6.0%。三次产业结构为1.6∶47.7∶50.7。2022年全区地区生产总值的最终核实数为1103.6亿元。
年末全区常住人口86.4万人，比上年末增加1.1万人。城镇化率为77.9%。全年城镇新增就业1.82万人，年末城镇登记失业率为2.4%。居民消费价格比上年上涨0.4%。
# 二、工业和建筑业
全年规模以上工业增加值426.7亿元，比上年增长7.8%。年末规模以上工业企业683家，比上年末增加34家。高新技术产业增加值占规模以上工业增加值的比重为64.5%。全年资质以上建筑业企业完成产值212.6亿元，增长5.3%。
# 三、固定资产投资
全年固定资产投资409.6亿元，比上年增长10.0%，2022年为372.4亿元。分领域看，工业投资143.2亿元，增长15.4%；高新技术产业投资70.4亿元，增长18.9%；房地产开发投资128.9亿元，下降4.6%。全年商品房销售面积94.7万平方米，下降11.3%。
# 四、国内贸易和对外经济
全年社会消费品零售总额389.4亿元，比上年增长9.1%，2022年为356.9亿元。限额以上单位网上零售额67.8亿元，增长21.5%。
全年货物进出口总额261.3亿元，比上年下降2.7%，2022年为268.5亿元。其中，出口178.5亿元，下降1.2%；进口82.8亿元，下降5.7%。实际利用外资3.86亿美元，下降9.2%。
# 五、财政和金融
全年一般公共预算收入98.6亿元，比上年增长6.8%，2022年为92.3亿元；其中税收收入84.1亿元，增长7.5%。一般公共预算支出131.8亿元，增长4.9%。年末金融机构本外币存款余额1486.5亿元，增长10.2%；贷款余额1302.9亿元，增长12.6%。
# 六、科技和教育
全社会研究与试验发展经费投入强度为3.42%。年末有国家高新技术企业618家，全年新认定97家。全年授权发明专利1643件。
年末有普通中小学72所，在校学生9.36万人；全年新建、改扩建学校8所，新增学位6480个。
# 七、卫生和文化
年末有各类卫生机构412个，其中医院16家；卫生机构床位5280张，每千人拥有执业医师3.9人。公共图书馆藏书186万册。
# 八、居民生活和社会保障
全年全体居民人均可支配收入62146元，比上年增长6.0%，2022年为58634元。其中，城镇居民人均可支配收入68925元，增长5.7%；农村居民人均可支配收入43217元，增长7.0%。城乡居民收入比为1.59。
年末基本养老保险参保人数61.5万人，最低生活保障标准为每人每月1130元，惠及4260人。
# 九、环境和安全
全年空气质量优良天数为312天，优良率为85.5%。细颗粒物（PM2.5）平均浓度为每立方米31微克。全年发生各类生产安全事故17起，死亡9人，比上年分别减少5起和3人。
注：本公报所列2023年数据为初步统计数。部分数据因四舍五入，存在总计与分项合计不等的情况。
"""

REMOTE_WORK = """\
青屿科技远程办公与VPN使用说明
Remote Access and VPN Guide

版本：V2.4
更新日期：2024年6月12日
编写：信息技术部　唐予安

1. 适用范围 Scope
本说明适用于需要在公司以外访问内网系统的员工和驻场供应商。VPN只用于工作，不得用来下载影音文件或者转借他人。
This guide applies to employees and on-site vendors. Sharing an account is a security violation.

2. 申请开通 How to apply
员工在办公系统提交“远程接入申请”，经部门负责人批准后，信息技术部在1个工作日内开通。供应商账号由对口部门代为申请，有效期最长90天，到期可以续期一次。
Vendor accounts expire after 90 days.

3. 设备要求 Requirements
- Windows 10 22H2及以上，内存不少于8 GB；
- macOS 13及以上；
- Ubuntu 22.04 LTS及以上。
私人电脑须安装公司的终端防护软件EdgeShield并通过合规检查。手机和平板只能访问邮箱与审批，不能接入内网。

4. 连接步骤 Connect
(1) 安装客户端QingyuConnect 3.2.1，安装包在内网软件中心下载；
(2) 服务器地址填写vpn.qingyu.example，端口填写8443，协议选择IKEv2；
(3) 输入工号和域密码；
(4) 输入手机令牌（authenticator app）上的6位动态码，动态码每30秒更新一次。
Default gateway: vpn.qingyu.example, port 8443. Do not change the DNS settings.

5. 账号和密码 Account policy
密码长度不少于12位，应当包含大写字母、小写字母、数字和符号中的三种，每90天更换一次，不得与最近5次使用的密码相同。连续输错5次，账号锁定30分钟。
同一账号最多同时在2台设备上登录。无操作20分钟自动断开，单次连接最长12小时。

6. 带宽和日志 Bandwidth and logs
单个用户的带宽上限为20 Mbps。访问日志保存180天，由信息安全组每月抽查一次。
Access logs are kept for 180 days.

7. 常见错误 Error codes
E1001：用户名或者密码错误，请核对后重试；
E1007：动态码失效，请校准手机时间；
E2003：设备未通过合规检查，请更新EdgeShield；
E3010：当前在线人数已满，请10分钟后再连接。系统的并发上限为600人。

8. 维护窗口 Maintenance
每月第二个星期六22:00至次日2:00为例行维护时间，其间VPN服务可能中断。临时维护提前24小时邮件通知。

9. 求助 Helpdesk
服务台内线：8020；邮箱：it-help@qingyu.example。服务时间：工作日8:30至20:00。
非工作时间的紧急故障，请拨打值班电话0900-86135000，值班工程师在30分钟内响应。
发现账号被盗或者设备丢失，应当在1小时内报告信息安全组，联系人梁栖迟，内线8033。
Report a lost device within one hour.
"""

PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>
<style>
@page {{ size: A4; margin: 24mm 24mm 22mm;
  @bottom-center {{ content: "— " counter(page) " —"; font: 9pt "Noto Sans CJK SC"; }} }}
body {{ font: 10.5pt/1.7 "Noto Sans CJK SC"; margin: 0; }}
h1 {{ font-size: 17pt; font-weight: normal; text-align: center; margin: 0 0 4mm; }}
h2 {{ font-size: 12.5pt; font-weight: normal; margin: 3mm 0 1mm; break-after: avoid; }}
p {{ margin: 0 0 1.5mm; text-indent: 2em; text-align: justify; }}
.by {{ text-align: center; text-indent: 0; margin-bottom: 4mm; }}
</style></head><body>
<h1>{title}</h1>
<p class="by">澄浦市临湖区统计局　2024年3月12日</p>
{body}
</body></html>
"""

# Radicals of the supplement block, which no normal form resolves; those that this text meets.
RADICALS = {"\u2ea0": "民", "\u2ed3": "长"}

FIXED = datetime(2025, 3, 1, 9, 0, 0)


def write_docx(path: Path) -> None:
    """The table of indicators; the zip's dates are fixed as the document's are."""
    document = docx.Document()
    document.core_properties.title = INDICATORS_TITLE
    document.core_properties.author = "澄浦市临湖区统计局"
    document.core_properties.created = document.core_properties.modified = FIXED
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = "宋体"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    document.add_paragraph(INDICATORS_TITLE, style="Title")
    by, *paragraphs = INDICATORS_HEAD.splitlines()
    document.add_paragraph(by).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_heading("一、总体情况", 1)
    for text in paragraphs:
        document.add_paragraph(text)
    document.add_heading("二、主要指标", 1)
    _add_table(document, [line.split("|") for line in INDICATORS_TABLE.splitlines()])
    document.add_heading("三、人口、科技和说明", 1)
    for text in INDICATORS_NOTES.splitlines():
        document.add_paragraph(text)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.docx"
        document.save(str(plain))
        _copy_zip(plain, path)


def _add_table(document: "docx.document.Document", rows: list[list[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for number, texts in enumerate(rows):
        cells = table.add_row().cells
        for cell, text in zip(cells, texts, strict=True):
            run = cell.paragraphs[0].add_run(text)
            run.font.size = Pt(10)
            run.bold = number == 0
    repeated = OxmlElement("w:tblHeader")
    repeated.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)


def _copy_zip(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for info in old.infolist():
            entry = zipfile.ZipInfo(info.filename, FIXED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(info))


def write_pdf(path: Path) -> None:
    """The older bulletin. Raises when what comes back out is not the text that went in."""
    lines = BULLETIN.splitlines()
    body = "\n".join(
        f"<h2>{line[2:]}</h2>" if line.startswith("# ") else f"<p>{line}</p>" for line in lines
    )
    browser = shutil.which("chromium") or "chromium"
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder) / "page.html", Path(folder) / "page.pdf"
        page.write_text(PAGE.format(title=BULLETIN_TITLE, body=body), encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            f"--user-data-dir={folder}/profile",
            "--no-pdf-header-footer",
            f"--print-to-pdf={printed}",
        ]
        environment = {**os.environ, "HOME": folder}
        subprocess.run(
            [browser, *options, page.as_uri()], check=True, capture_output=True, env=environment
        )
        path.write_bytes(_plain_characters(printed.read_bytes()))
    reader = PdfReader(path)
    read = re.sub(r"\s|— \d —", "", "".join(p.extract_text() for p in reader.pages))
    missing = [
        t for t in (line.removeprefix("# ") for line in lines) if t.replace(" ", "") not in read
    ]
    if missing or len(reader.pages) != 2:
        raise SystemExit(f"{path.name}: {len(reader.pages)} pages, not read back: {missing}")


def _plain_characters(printed: bytes) -> bytes:
    """The PDF with its text layer in ordinary characters and its dates fixed.

    Noto draws 人 and the radical ⼈ with one glyph, and Chromium then writes the radical into the
    map from glyphs to characters; here each such entry gets the character that was meant.
    """
    writer = PdfWriter(clone_from=io.BytesIO(printed))
    for item in writer._objects:
        if isinstance(item, StreamObject) and b"begincmap" in item.get_data():
            item.set_data(re.sub(rb"(?<=<)[0-9A-F]{4}(?=>)", _meant, item.get_data()))
    writer.root_object.pop(NameObject("/StructTreeRoot"), None)  # tags, unused here
    writer.compress_identical_objects()
    stamp = FIXED.strftime("D:%Y%m%d%H%M%S+00'00'")
    writer.add_metadata({"/CreationDate": stamp, "/ModDate": stamp})
    result = io.BytesIO()
    writer.write(result)
    return result.getvalue()


def _meant(code: re.Match[bytes]) -> bytes:
    character = chr(int(code[0], 16))
    if "\u2f00" <= character <= "\u2fd5":
        character = unicodedata.normalize("NFKC", character)
    return f"{ord(RADICALS.get(character, character)):04X}".encode()


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    write_docx(SAMPLES / "临湖区2024年国民经济主要指标.docx")
    write_pdf(SAMPLES / "临湖区2023年统计公报.pdf")
    text = REMOTE_WORK.encode("gb18030")
    (SAMPLES / "青屿科技远程办公与VPN使用说明.txt").write_bytes(text)


if __name__ == "__main__":
    main()
