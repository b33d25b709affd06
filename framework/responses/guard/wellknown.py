"""Names that everybody knows: places, companies, people; recognised without a capital, too."""

# ruff: noqa: SIM905  # words are read and kept more easily in lines than one by one

from __future__ import annotations

PLACES = frozenset(
    "london paris berlin madrid rome amsterdam vienna moscow tokyo beijing shanghai mumbai delhi"
    " sydney toronto chicago boston seattle dublin oslo stockholm lisbon athens cairo dubai"
    " istanbul singapore bangkok seoul france germany spain italy england britain america canada"
    " japan india australia brazil mexico russia europe africa asia google amazon microsoft"
    " facebook paypal mastercard netflix uber airbnb whatsapp instagram".split()
)
"""Names that are recognised without a capital, too."""

HAN_PLACES = (
    "北京 上海 广州 深圳 杭州 南京 成都 重庆 武汉 西安 天津 苏州 香港 台北 台湾 澳门 东京 大阪 首尔"
    " 東京 京都 横浜 纽约 伦敦 巴黎 柏林 美国 英国 法国 德国 日本 韩国 中国 印度 俄罗斯 新加坡"
    " 淘宝 京东 微信 支付宝 阿里巴巴 腾讯 百度 谷歌 苹果公司 微软 亚马逊"
).split()

NAMES_LIKE_ADVERBS = frozenset(
    "emily molly kelly sally lily billy willy polly holly carly beverly kimberly shelly nelly italy"
    " sicily elly milly tilly ally wally reilly connolly donnelly beijing ming ling king sterling"
    " boeing irving chongqing nanjing".split()
)
"""Names that end as words do which begin a sentence naturally: `-ly`, `-ing`."""

FIRST_NAMES = frozenset(
    "adam ahmed aisha alan alex alice ali amanda amy anders andrea andrew angela anita anna anne"
    " anthony antonio arthur barbara ben benjamin bill bob brian carla carlos carmen caroline"
    " catherine charles charlotte chloe chris christian christine claire clara daniel david"
    " deborah diana diego dmitri dylan edward elena eleanor eli elizabeth ella emily emma eric"
    " ethan eva fatima felix fiona francesca frank gabriel george giulia hannah hans harry helen"
    " henry hugo ian igor ingrid isaac isabel ivan jack jacob james jan jane jason javier jean"
    " jennifer jessica jim joan joe john jonathan jorge jose joseph juan julia julie karen karl"
    " kate katherine kevin laura lauren leo leon liam linda lisa louis lucas lucia lucy luis luca"
    " luke maria marie mario martin mary mateo matteo matthew max mehmet mia michael michelle"
    " miguel mike mohammed monica nancy natalie natasha nathan nicholas nicole nina noah nora"
    " oliver olivia omar oscar pablo patricia patrick paul pedro peter philip pierre priya rachel"
    " raj rebecca ricardo richard robert roberto rosa ruth ryan samuel sandra sara sarah sebastian"
    " sergei simon sofia sophia sophie stefan stephen steve steven susan sven tanya teresa theresa"
    " thomas tim tom tomas vera veronica victor victoria vladimir walter wei william yusuf"
    " zoe".split()
)
"""Common names, which are recognised without a capital, too; those that are words, too, are not."""
