/// Numbers as a person reads them: digits in groups of three, SI units, at most one decimal.
public enum Quantity {
    /// A count: `7`, `12,345`.
    public static func count(_ value: Int) -> String {
        grouped(value.magnitude, isNegative: value < 0)
    }

    /// A count of things: `1 poll`, `12,345 polls`.
    public static func counted(_ value: Int, _ thing: String) -> String {
        "\(count(value)) \(thing)\(value == 1 ? "" : "s")"
    }

    /// At most one decimal: `145`, `2.5`, `1,234.5`.
    public static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard tenths.magnitude < 1e15 else { return "\(value)" }
        let size = UInt(tenths.magnitude)
        let whole = grouped(size / 10, isNegative: tenths < 0)
        return size % 10 == 0 ? whole : "\(whole).\(size % 10)"
    }

    /// Bytes with a unit: `512 B`, `13.4 MB`.
    public static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        var unit = "B"
        // From 999.95 on one decimal would say 1000.
        for next in ["kB", "MB", "GB", "TB"] where value >= (unit == "B" ? 1000 : 999.95) {
            value /= 1000
            unit = next
        }
        return "\(number(value)) \(unit)"
    }

    /// A length of time, exact where it is short: `20 ms`, `0.4 s`, `12.3 s`, `2 min 05 s`, `1 h 03 min`.
    public static func time(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        if seconds > 0, seconds < 0.0995 { return "\(number((seconds * 1000).rounded(.up))) ms" }
        return seconds < 59.95 ? "\(number(seconds)) s" : wholeTime(.seconds(Int(seconds.rounded())))
    }

    /// A length of time without decimals, for one that is drawn again and again: `12 s`, `2 min 05 s`, `1 h 03 min`.
    public static func wholeTime(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min \(twoDigits(seconds % 60)) s"
        default: return "\(count(seconds / 3600)) h \(twoDigits(seconds / 60 % 60)) min"
        }
    }

    /// A length of time that is a guess, rounded up so that it promises no more than it knows: `5 s`, `40 s`,
    /// `2 min 10 s`, `12 min`, `1 h 03 min`.
    public static func roughTime(_ duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded(.up))
        let step = seconds <= 60 ? 5 : seconds <= 600 ? 10 : 60
        let rounded = (max(seconds, 1) + step - 1) / step * step
        return rounded >= 60 && rounded < 3600 && rounded % 60 == 0
            ? "\(rounded / 60) min" : wholeTime(.seconds(rounded))
    }

    private static func grouped(_ value: UInt, isNegative: Bool) -> String {
        var text = ""
        for (index, digit) in "\(value)".reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (isNegative ? "-" : "") + String(text.reversed())
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
