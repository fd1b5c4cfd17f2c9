"""The words of our own passages, how they are put into patterns, and what a scene of them is.

Composed of word tables and clause patterns, nothing of it taken from an existing text. A pattern
has alternatives, figures to be drawn and names of words (`say`); a text in the making has every fact
that can be asked for between tags (`<v0>12.3亿元</v0>`). Which scenes there are is the business of
train/generated.py and train/daily.py.
"""

import re
from dataclasses import dataclass
from itertools import product
from random import Random

# ---- words: a name, then what it may stand for; `say` reads the patterns ---------------------

_WORD_TABLE = """
surname 王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 邓 韩 冯 曹 彭 曾 萧 田 董 潘 袁
   蔡 蒋 余 于 杜 叶 程 魏 苏 吕 丁 任 卢 姚 沈 钟 姜 崔 谭 陆 范 汪 廖 石 金 欧阳
given 伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 军 杰 娟 涛 明 超 霞 平 刚 桂 文 辉 力 玲 建 国 志 华 思 远 雨 晨 嘉 怡 泽 浩
   一 鸣 书 瑶 子 涵
person {surname}{given} {surname}{given}{given} {surname}{given}{given}
stem1 云 青 白 东 西 南 北 金 石 长 清 永 安 新 平 兴 龙 凤 玉 明 高 松 桃 柳 梅 丰 广 宁 瑞 康
stem2 川 岭 原 泉 江 河 山 阳 州 林 城 浦 湾 港 桥 溪 田 陵 坪 冈 海 峰
stem {stem1}{stem2}
district 区 县 镇 新区 开发区 高新区 街道 经开区
city {stem}市
place {stem}市 {stem}{district} {stem}{district}
brand1 华 恒 宏 瑞 博 锐 启 智 海 天 远 德 诚 创 科 盛 联 鼎 凯 嘉
brand2 禾 辰 拓 微 源 润 芯 航 泰 尔 迈 普 域 锋 图 维
brand {brand1}{brand2}
industry 集成电路 人工智能 生物医药 新能源汽车 高端装备 新材料 智能家居 现代物流 数字经济 文化旅游 跨境电商 低空经济
   氢能 储能 光伏 风电 工业互联网 大数据 云计算 物联网 机器人 医疗器械 精细化工 绿色建材 食品加工 纺织服装 家具制造
   船舶制造 航空航天 轨道交通 节能环保 现代种业 茶产业 预制菜 中药材 花卉苗木 水产养殖 乡村民宿 会展 工业设计 检验检测
   知识产权 人力资源 金融科技 供应链金融 商业航天 量子信息 脑机接口 合成生物 显示面板 传感器 激光装备 模具 五金
   电线电缆 汽车零部件 动力电池 冷链物流 数字内容 电子竞技 影视制作 体育健康 养老服务 家政服务 软件信息 网络安全
   卫星导航 海洋经济
bureau 发展和改革局 经济和信息化局 教育局 科学技术局 公安局 民政局 司法局 财政局 人力资源和社会保障局 自然资源局
   生态环境局 住房和城乡建设局 交通运输局 水利局 农业农村局 商务局 文化和旅游局 卫生健康局 退役军人事务局 应急管理局
   审计局 市场监督管理局 统计局 医疗保障局 城市管理局 机关事务管理局 信访局 投资促进局 数据局 档案局 体育局 林业局
   税务局 气象局 消防救援支队 总工会 团委 妇联 科协 工商联 残联 邮政管理局 公积金中心 公共资源交易中心 行政审批局
   金融办 外事办 口岸办
office {stem}市{bureau} {stem}区{bureau} {stem}县{bureau}
company {brand}{industry}(有限公司|股份有限公司|集团有限公司|科技有限公司) {stem}{industry}集团有限公司
house 图书馆 博物馆 政务服务中心 体育中心 档案馆 美术馆 科技馆 文化馆 规划展览馆 人民医院 社区服务中心 青少年宫 植物园
   湿地公园 游泳馆 人才市场 会展中心 大剧院 客运站 不动产登记中心
venue {place}{house}
matter 科技创新券 人才公寓 小微企业贷款贴息 专精特新企业培育 住房租赁补贴 老旧小区改造 公共停车场 政府采购 差旅费
   国有资产 应急物资储备 数据安全 医疗救助 农村宅基地 生活垃圾分类 职工年休假 科研经费 公务用车 印章 档案 会议费
   网络安全 固定资产 合同 政务公开 校外培训 养老机构 首台套装备 电动自行车 建筑垃圾 河道 公共租赁住房 技能人才评价
   创业担保贷款
title 《关于(促进|支持|加快|推动|规范|鼓励){industry}发展的(若干政策|实施意见|若干措施|行动方案)》
   《{place}关于(促进|支持|推动){industry}发展的(若干政策|实施意见|指导意见)》
   《{matter}(管理办法|实施细则|暂行规定|管理制度|工作规程)》 《{place}{matter}(管理办法|实施细则|管理规定)》
project {stem}{industry}{works}项目 {brand}{industry}{works}项目
works 产业园 生产基地 研发中心 总部 扩建 智能工厂 示范区 一期 产业化
forum 发展大会 高峰论坛 招商推介会 工作推进会 座谈会 博览会 现场会 研讨会
meeting {place}{industry}{forum} {place}{industry}{forum} 第{han}届{place}{industry}{forum}
han 二 三 四 五 六 八 九 十 十一 十二 十五
event {place}{fun} [2021~2026]年{place}{fun}
fun 半程马拉松 春季招聘会 读书节 灯会 龙舟赛 购物节 技能大赛 公益集市 音乐节 菜博会 插花大赛 科普周
notion “(一|三|五)(核|轴|带|心)(两|四|六|八)(翼|区|廊|园)”
   “(惠企|暖心|先锋|共富|民生|邻里|助农|安居|创业)(专班|清单|码|卡|驿站|贷)” “[1~5]+[2~9]+N”体系
up 新能源订单大幅增加 企业技术改造见效 外贸订单回流 假日消费拉动 物流通道扩容 政策资金加快拨付 重大项目集中投产
   产品结构升级 出口市场多元化 夜间经济带动 研发投入持续加码 海外仓布局加快 本地供应链日趋完善 直播电商快速发展
   游客停留时间延长 数字化改造提升了效率
down 原材料价格上涨 上年同期基数较高 部分企业停产检修 国际市场需求疲软 房地产市场调整 持续高温少雨 主要产品价格回落
   大型项目进入收尾阶段 汇率波动 订单向外转移 设备更新周期拉长 用工紧张
stop 连日强降雨 设备检修 消防设施改造 地下管线迁改 展陈更新 台风影响 供电线路升级 用地手续尚未办结 场地另有安排
   周边道路施工 资金未及时到位 设计方案调整 空调系统维修 地质条件复杂
aim 推动{industry}集聚发展 优化营商环境 打通{industry}上下游 扩大有效投资 缩短审批时间 完善{industry}公共平台
   降低企业用能成本 培育{industry}龙头企业 补齐公共服务短板 强化{industry}人才引育 建立联席会议制度 开展入企走访
   设立{industry}引导基金 建设{industry}产业园 清理历史积案 规范经费使用 提升基层治理水平 加快{industry}标准制定
   畅通群众反映渠道
speaker {company}(总经理|董事长|技术总监|首席专家|车间主任|负责人) {office}(局长|副局长|科长|负责人|工作人员)
   {place}(村支书|居民|志愿者|商户|种植大户)
paper 申请表 营业执照复印件 身份证复印件 审计报告 纳税证明 信用承诺书 劳动合同 社保缴费证明 学历证书 项目可行性报告
   银行账户信息 场地租赁合同 发票 出差审批单 会议通知 无犯罪记录证明
duty 财务 人事 安全生产 招商引资 乡村振兴 信访 城市更新 教育 审计 信息化 统战 宣传
part 研发楼 标准厂房 员工宿舍 检测中心 仓储物流区 展示馆 中试车间 污水处理站 配电房 停车楼
n [3~99] [100~999] [1.0~99.9] [1.00~900.00] [100.0~4000.0] [1~9]
i [3~99] [100~999] [1000~60000]
low 约 近 超 超过 不低于 逾 不少于
high 以上 左右 以内
money {n}(亿元|亿元|万元|亿美元) {n}(亿元|亿元|万元|亿美元) {n}(亿元|亿元|万元|亿美元) {n}(亿元|亿元|万元|亿美元)
   {low}{n}(亿元|亿元|万元|亿美元) {n}(亿元|亿元|万元|亿美元){high}
mu {n}(亩|公顷|平方公里) {n}(亩|公顷|平方公里) {n}(亩|公顷|平方公里) {n}(亩|公顷|平方公里) {low}{n}(亩|公顷|平方公里)
   {n}(亩|公顷|平方公里){high}
area {n}(万平方米|平方米) {n}(万平方米|平方米) {n}(万平方米|平方米) {n}(万平方米|平方米) {low}{n}(万平方米|平方米)
   {n}(万平方米|平方米){high}
people {i}(人|名) {i}(人|名) {i}(人|名) {i}(人|名) {low}{i}(人|名) {i}(人|名){high} [1~90](0|00)(余|多)(人|名)
   (超|近|逾)(百|千|万)(人|名)
firms {i}(家|户) {i}(家|户) {i}(家|户) {i}(家|户) {low}{i}(家|户) {i}(家|户){high} [1~90](0|00)(余|多)(家|户)
   (超|近|逾)(百|千|万)(家|户)
items {i}(项|个|件) {i}(项|个|件) {i}(项|个|件) {i}(项|个|件) {low}{i}(项|个|件) {i}(项|个|件){high}
   [1~90](0|00)(余|多)(项|个|件) (超|近|逾)(百|千|万)(项|个|件)
posts {i}个 {i}个 {i}个 {i}个 {low}{i}个 {i}个{high} [1~90](0|00)(余|多)个 (超|近|逾)(百|千|万)个
output {n}(万台|万吨|万套|亿只|万辆) {n}(万台|万吨|万套|亿只|万辆) {n}(万台|万吨|万套|亿只|万辆)
   {n}(万台|万吨|万套|亿只|万辆) {low}{n}(万台|万吨|万套|亿只|万辆) {n}(万台|万吨|万套|亿只|万辆){high}
visits {n}万人次 {n}万人次 {n}万人次 {n}万人次 {low}{n}万人次 {n}万人次{high}
books {n}(万册|万件) {n}(万册|万件) {n}(万册|万件) {n}(万册|万件) {low}{n}(万册|万件) {n}(万册|万件){high}
yuan {i}元 {i}元 {i}元 {i}元 {low}{i}元 {i}元{high} [1~90](0|00)(余|多)元 (超|近|逾)(百|千|万)元
percent [1~99]% [1.0~99.0]% [1.0~99.0]% [1.00~99.00]% (近|超|约|不低于)[1~95]% [1.0~90.0]%以上
day [2019~2026]年[1~12]月[1~28]日
date {day} [2015~2027]年[1~12]月 [2024~2028]年[1~12]月底前 [2024~2028]年(上半年|下半年|年底前)
clock [1~12]月[1~28]日 [1~12]月[1~28]日(上午[8~11]时|下午[1~5]:30|[9~19]时) {day} {day}(上午[8~11]|下午[2~5])点
hours (每天|工作日|周二至周日|)[7~10]:(00|30)—[16~21]:(00|30)
   (上午|每天)[8~9]:30—[11~12]:00，(下午|)[13~14]:00—[17~18]:00
road 人民 建设 中山 学院 创新 文化 迎宾 解放 科技 朝阳 和平 望月 青年 体育场
site {place}{road}(路|大道|街|东路)[1~999]号 {place}{road}(路|大道) {place} {place}产业新城 {road}路与{road}街交叉口
phone 0[310~999]-[2000000~8999999] 123[10~99] 400-[100~999]-[1000~9999]
post {office}(局长|副局长|办公室主任|党组书记|总工程师|综合科科长) {company}(董事长|总经理|监事会主席)
   {place}(党委书记|副主任)
virtue 数智 绿色 同心 创新 开放 向海 匠心 青春 融合 共享
deed 赋能 引领 共赢 致远 未来 启航 筑梦 同行
motto {virtue}{deed}，{virtue}{deed} {virtue}{deed} 让{virtue}{deed}{place}
shape 核心区 发展轴 示范带 服务平台 创新走廊
meaning {industry}{shape}、{industry}{shape}和{industry}{shape} 由{office}牵头{aim}的工作机制
   以{industry}{shape}为引领，{aim} 面向{industry}从业者的一站式服务
fields {industry}、{industry} {industry}、{industry}、{industry} {industry}、{industry}、{industry}、{industry}
papers {paper}、{paper} {paper}、{paper}、{paper} {paper}、{paper}、{paper}、{paper}
duties {duty}、{duty} {duty}、{duty}、{duty}
parts {part}、{part} {part}、{part}、{part}
growth {up} {up} {up}(和|以及|、){up}
halt {stop} {stop} {stop}(和|以及|、){stop}
slump {down} {down} {down}(和|以及|、){down}
mail (office|shenbao|rcb|zhaobiao|xxgk)[1~99]@example.cn
age [3~40]年 (十|二十|三十)余年 [1~3]0多年
term [1~5]年 (二|三|五)年 至{day}
cap (最高|不超过|一次性|每年|)(5|8|10|20|30|50|80|100|200|500)万元
workdays [2~60]个工作日 [2~60]日 [3~20]个工作日内
docno {stem1}(政办|府|财|人社|经信|教)(发|函|字)〔[2016~2026]〕[1~199]号
who (在{place}注册登记的|依法在{place}纳税的|注册地在{place}的)(中小企业|法人单位|个体工商户|社会组织|农民专业合作社)
need 上年度营业收入不低于[2~90]00万元 连续经营满[2~9]年且无失信记录 研发人员占比不低于[5~40]%
   在本地缴纳社会保险满[3~36]个月
honour (全国|省级|市级|全省)(先进集体|绿色工厂|专精特新企业|文明单位|青年文明号|质量奖|守合同重信用企业)
award (全国|省级|市级|全省)(劳动模范|五一劳动奖章|优秀党务工作者|技术能手|先进工作者|三八红旗手)
   科技进步(一|二|三)等奖
school {stem}(大学|理工大学|师范学院|财经大学|农业大学)
weekday 每周一 每周二 每月最后一个周五 法定节假日 每周三上午
ticket [1~60]元 [10~90]元/人
born [1960~1998]年[1~12]月
rank 第一 第二 第三 第五 第[4~20]位 第[2~9]名 首位 前三 前十
first 首个{industry}(实验室|小镇|交易中心) 第(一|二)家{house} 首条{industry}专线
tons {n}万吨 {n}万吨 {n}万吨 {n}万吨 {low}{n}万吨 {n}万吨{high}
land {n}平方公里 {n}平方公里 {n}平方公里 {n}平方公里 {low}{n}平方公里 {n}平方公里{high}
"""


def _read_words(table: str) -> dict[str, list[str]]:
    """Each name with its alternatives; an indented line goes on with the name above."""
    entries = re.sub(r"\n +", " ", table.strip()).splitlines()
    return {entry.split()[0]: entry.split()[1:] for entry in entries}


WORDS = _read_words(_WORD_TABLE)
_STEMS = [a + b for a, b in product(WORDS["stem1"], WORDS["stem2"])]
_BRANDS = [a + b for a, b in product(WORDS["brand1"], WORDS["brand2"])]
FIRST_WORDS = frozenset([*_STEMS, *_BRANDS])
PLACES = tuple(stem + tail for stem in _STEMS for tail in ["市", *WORDS["district"]])


def say(rng: Random, pattern: str, **given: str) -> str:
    """One of the "/" parts, with (a|b) chosen, [1~9] or [0.1~9.9] drawn and {names} filled in."""
    text = rng.choice(pattern.split("/"))
    if "(" in text:
        text = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    if "[" in text:
        text = _RANGE.sub(lambda found: _figure(rng, found[1], found[2]), text)
    said: list[str] = []
    return _NAME.sub(lambda found: _word(rng, found[1], given, said), text)


_CHOICE, _NAME = re.compile(r"\(([^()]*\|[^()]*)\)"), re.compile(r"\{(\w+)\}")
_RANGE = re.compile(r"\[([\d.]+)~([\d.]+)\]")


def _figure(rng: Random, low: str, high: str) -> str:
    if "." in high:
        return f"{rng.uniform(float(low), float(high)):.{len(high.split('.')[1])}f}"
    return str(rng.randint(int(low), int(high)))


def _word(rng: Random, name: str, given: dict[str, str], said: list[str]) -> str:
    """The given word, or one of the table that the pattern has not had yet."""
    if name in given:
        return given[name]
    drawn = (say(rng, rng.choice(WORDS[name])) for _ in range(9))
    said.append(next((word for word in drawn if word not in said), ""))
    return said[-1]


def tag(slot: str, value: str) -> str:
    return f"<{slot}>{value}</{slot}>"


def bare(text: str) -> str:
    return re.sub(r"</?\w+>", "", text)


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, the tag that answers it ("" for none), and what must then stand nowhere."""

    question: str
    kind: str
    slot: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    heading: str
    body: str
    asks: list[Ask]
    misses: list[Ask]
    names: list[str]  # a question with one of these stands on its own beside other matters
