"""Times as the API writes them, and the days, weeks and months they fall in."""
import datetime


def parse(text):
    return datetime.datetime.fromisoformat(text)


def ms_between(earlier, later):
    return round((parse(later) - parse(earlier)).total_seconds() * 1000)


def ms_of(text):
    """Milliseconds since 1970."""
    return round(parse(text).timestamp() * 1000)


def periods(text):
    """The names of the boards that an attempt begun at this time stands on."""
    day = parse(text).date()
    year, week, _ = day.isocalendar()
    return ["overall", day.isoformat(), f"{year:04d}-W{week:02d}", day.strftime("%Y-%m")]


def text_of(ms):
    """As the API writes it, in the zone of the tests' campaigns."""
    zone = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime.fromtimestamp(ms / 1000, zone).isoformat()
