//! Dates as texts and as numbers of days.
//!
//! Enters: dates, texts, numbers of days. Leaves: the same. Always holds: nothing here calls a general parser, formatter or
//! arithmetic of dates, which would be a tenth of the module that a page carries.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A date as `28 February 2022`.
pub fn in_words(date: Date) -> String {
    format!("{} {} {:04}", date.day(), MONTHS[(date.month() - 1) as usize], date.year())
}

/// A date as `2022-02-28`.
pub fn in_digits(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// The date that `2022-02-28` says; none for another text.
pub fn parse(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?;
    let (year, month, day) = (year.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (text.len() == 10).then(|| Date::new(year, month, day).ok())?
}

/// Days from 1 March of year 0 of the proleptic Gregorian calendar; years begin in March, so that a leap day is their last.
pub fn day_number(date: Date) -> i64 {
    let month = i64::from(date.month());
    let year = i64::from(date.year()) - i64::from(month <= 2);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(date.day()) - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
}

/// The date of a [`day_number`]; none beyond the calendar.
pub fn of_day(number: i64) -> Option<Date> {
    // A cycle of the calendar has 400 years and 146,097 days.
    let (cycle, day) = (number.div_euclid(146_097), number.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    let year = 400 * cycle + year + i64::from(month <= 2);
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    Date::new(i16::try_from(year).ok()?, month as i8, day as i8).ok()
}

/// The date that is so many days after another; none beyond the calendar.
pub fn after(date: Date, days: i64) -> Option<Date> {
    of_day(day_number(date).checked_add(days)?)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;

    use super::*;

    #[test]
    fn days_and_dates_are_those_of_the_calendar() {
        let origin = jiff::civil::date(2000, 1, 1);
        for days in (-730_000_i64..2_900_000).step_by(37).chain(-800..800) {
            let date = origin.checked_add(days.days()).expect("within the calendar");
            assert_eq!(after(origin, days), Some(date));
            assert_eq!(day_number(date) - day_number(origin), days);
            assert_eq!(in_digits(date), date.to_string());
            assert_eq!(parse(&in_digits(date)), Some(date));
            assert_eq!(in_words(date), date.strftime("%-d %B %Y").to_string());
        }
        assert_eq!(after(Date::MAX, 1), None);
        assert_eq!(after(Date::MAX, i64::MAX), None);
        for other in
            ["", "2022-02", "2022-02-30", "2022-2-3", "28 February", "2022-02-281", "2022-02-28T00:00"]
        {
            assert_eq!(parse(other), None, "{other}");
        }
    }
}
