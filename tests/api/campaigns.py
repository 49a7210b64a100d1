"""The rules of the campaigns that the tests play."""
SECTIONS = [
    {"type": "single", "count": 3, "points": 10},
    {"type": "multiple", "count": 2, "points": 15},
    {"type": "judge", "count": 2, "points": 10},
    {"type": "blank", "count": 1, "points": 20},
]
FULL_POINTS = 100
N_QUESTIONS = 8
# Points of the questions 1 .. 8 of a paper of these sections.
POINTS = [10, 10, 10, 15, 15, 10, 10, 20]
LONG_AGO, FAR_AWAY = "2020-01-01T00:00:00+08:00", "2099-01-01T00:00:00+08:00"


def campaign(slug, **more):
    """Rules that let everybody play without end, but for what is given."""
    rules = {
        "campaign": slug,
        "title": f"活动 {slug}",
        "window": {"opens": LONG_AGO, "closes": FAR_AWAY},
        "quota": {"total": 0, "per_day": 0},
        "paper": {"repeat": "independent", "sections": SECTIONS},
        "clock": {"limit_seconds": 600, "grace_seconds": 5},
        "boards": {"periods": ["day", "week", "month"]},
        # none keeps its questions from being practised in another
        "practice": "open",
    }
    rules.update(more)
    return rules


CAMPAIGNS = [
    campaign("open", description="谁都可以参加。"),
    campaign("best", counts="best"),
    campaign("sum", counts="sum"),
    campaign("first", counts="first"),
    campaign("last", counts="last"),
    campaign("daily", counts="sum_of_daily_best"),
    # the same, without boards by day to lean on
    campaign("daily-overall", counts="sum_of_daily_best", boards={"periods": []}),
    campaign("score-only", order={"keys": ["score"], "ties": "shared"},
             boards={"periods": []}),
    campaign("reached-first", order={"keys": ["score", "reached"], "ties": "strict"},
             boards={"periods": []}),
    campaign("shared-ties", order={"keys": ["score"], "ties": "shared"}),
    campaign("strict-ties", order={"keys": ["score"], "ties": "strict"}),
    campaign("two-a-day", quota={"per_day": 2}),
    campaign("three-in-all", quota={"total": 3}),
    campaign("brief", clock={"limit_seconds": 10, "grace_seconds": 0}),
    campaign("graceful", clock={"limit_seconds": 10, "grace_seconds": 60}),
    campaign("upcoming", window={"opens": "2098-01-01T00:00:00+08:00", "closes": FAR_AWAY}),
    campaign("over", window={"opens": LONG_AGO, "closes": "2021-01-01T00:00:00+08:00"}),
    campaign("xining", unions={"within": "630100", "changes": 0}),
    campaign("wanderers", unions={"changes": 2}),
    campaign("reveal-nothing", reveal="nothing"),
    campaign("reveal-score", reveal="score"),
    campaign("reveal-at-once", reveal="after_hand_in"),
    campaign("reveal-late", reveal="after_close"),
    campaign("same-paper", paper={"repeat": "same", "sections": SECTIONS}),
    campaign("fresh-paper", paper={"repeat": "fresh", "sections": SECTIONS}),
    campaign("plain-order", paper={"shuffle_choices": False, "sections": SECTIONS}),
    campaign("partial", scoring={"multiple": "nothing_wrong"},
             paper={"repeat": "independent",
                    "sections": [{"type": "multiple", "count": 4, "points": 10}]}),
]

# A region with some rosters known, and an industry that stands beside it.
UNIONS = """code,name,parent_code,level,kind,members
630000,青海省总工会,,province,federation,
630100,西宁市总工会,630000,prefecture,federation,
630102,城东区总工会,630100,county,federation,40
630103,城中区总工会,630100,county,federation,20
630104,城西区总工会,630100,county,federation,
632800,海西州总工会,630000,prefecture,federation,
632801,格尔木市总工会,632800,county,federation,10
632802,德令哈市总工会,632800,county,federation,400
632600,果洛州总工会,630000,prefecture,federation,
632621,玛沁县总工会,632600,county,federation,
C00000,产业工会,,industrial,industrial,
C00001,邮政工会,C00000,enterprise,enterprise,1000
"""
# Those that people of the roster belong to.
HOMES = ["630102", "630103", "630104", "632801", "632802", "632621", "C00001"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
GIVEN = ["明", "小红", "建国", "海燕", "措毛", "德福", "秀英", "卓玛", "志强", "一"]
ODD_NAMES = ["=1+1", "+86王", "-李", "@和", "欧阳小明", "才让东智多杰", "王\"引号\"", "李,逗号", "扎"]


def roster(n):
    """`n` people spread over the unions, the oddly named first."""
    people = []
    for i in range(n):
        name = ODD_NAMES[i] if i < len(ODD_NAMES) else \
            SURNAMES[i % len(SURNAMES)] + GIVEN[i // len(SURNAMES) % len(GIVEN)]
        people.append((HOMES[i % len(HOMES)], str(10001 + i), name))
    return people
