public import ArgumentParser
public import FetchCore
import Manifests

/// A length of time as typed: `500ms`, `10s`, `5m`, `2h`, `1h30m`. Always more than zero.
struct TimeLength: ExpressibleByArgument, Equatable, Sendable {
    let duration: Duration
    /// How it was typed, or would be.
    let text: String

    init(_ duration: Duration) {
        self.duration = duration
        let seconds = duration.components.seconds
        text = seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }

    /// Numbers with units, largest first, each unit once; at most 10,000 hours.
    init?(argument: String) {
        var total: Duration = .zero
        var lastScale = Int.max
        var rest = argument[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            let unit = rest.dropFirst(digits.count).prefix { $0.isASCII && $0.isLetter }
            guard let count = Int(digits), let scale = Self.milliseconds[String(unit)], scale < lastScale,
                count <= Self.mostMilliseconds / scale
            else { return nil }
            total += .milliseconds(count * scale)
            lastScale = scale
            rest = rest.dropFirst(digits.count + unit.count)
        }
        guard total > .zero, total <= .milliseconds(Self.mostMilliseconds) else { return nil }
        duration = total
        text = argument
    }

    private static let milliseconds = ["h": 3_600_000, "m": 60_000, "s": 1000, "ms": 1]
    private static let mostMilliseconds = 10_000 * 3_600_000
}

/// A number of bytes as typed: `1048576`, `10MB`, `64MiB`. Always more than zero.
struct ByteCount: ExpressibleByArgument, Equatable, Sendable {
    let bytes: Int

    init(bytes: Int) {
        self.bytes = bytes
    }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), let scale = Self.units[argument.dropFirst(digits.count).uppercased()] else {
            return nil
        }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: scale)
        guard !overflow, bytes > 0 else { return nil }
        self.bytes = bytes
    }

    /// How it would be typed.
    var text: String {
        bytes % (1 << 20) == 0 ? "\(bytes >> 20)MiB" : "\(bytes)"
    }

    private static let units = [
        "": 1, "B": 1, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "KIB": 1 << 10, "MIB": 1 << 20,
        "GIB": 1 << 30,
    ]
}

/// A rate of requests as typed: `10/s`, `300/m`, `5000/h`. Always more than zero.
struct RequestRate: ExpressibleByArgument, Equatable, Sendable {
    let perSecond: Double
    /// How it was typed.
    let text: String

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Double(parts[0]), count > 0, count.isFinite,
            let seconds = Self.units[String(parts[1])]
        else { return nil }
        perSecond = count / seconds
        text = argument
    }

    private static let units: [String: Double] = ["s": 1, "m": 60, "h": 3600]
}

extension Shard: ExpressibleByArgument {
    public init?(argument: String) {
        self.init(argument)
    }
}

/// A template of the images' names, as typed, right or wrong.
struct ImageNames: ExpressibleByArgument, Equatable, Sendable {
    let text: String

    static let standard = ImageNames(text: NameTemplate.standardText)

    private init(text: String) {
        self.text = text
    }

    /// Any text: what is wrong with one is told by ``fault``.
    init(argument: String) {
        text = argument
    }

    /// The template; nil for the jobs' own names.
    func template() throws(NameTemplateError) -> NameTemplate? {
        let template = try NameTemplate(text)
        return template.isStandard ? nil : template
    }
}

/// How many lines may stay without an image, as typed: `3`, `0.5%`.
struct TolerableLines: ExpressibleByArgument, Equatable, Sendable {
    let tolerance: Tolerance
    /// How it was typed.
    let text: String

    static let none = TolerableLines(tolerance: .none, text: "0")

    private init(tolerance: Tolerance, text: String) {
        self.tolerance = tolerance
        self.text = text
    }

    /// A whole number, or a percentage up to 100 with at most six decimals.
    init?(argument: String) {
        guard argument.hasSuffix("%") else {
            guard Self.isNumber(argument[...]), let count = Int(argument) else { return nil }
            self.init(tolerance: .lines(count), text: argument)
            return
        }
        let parts = argument.dropLast().split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy(Self.isNumber), let whole = Int(parts[0]), whole <= 100
        else { return nil }
        let decimals = parts.count == 2 ? parts[1] : ""
        guard decimals.count <= 6,
            let millionths = Int(decimals + String(repeating: "0", count: 6 - decimals.count))
        else { return nil }
        let share = whole * 1_000_000 + millionths
        guard share <= 100_000_000 else { return nil }
        self.init(tolerance: .share(hundredMillionths: share), text: argument)
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
    }
}
