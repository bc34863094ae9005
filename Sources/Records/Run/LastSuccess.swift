import FetchCore

/// When a run ended well for the last time, as the metrics file of earlier runs tells it.
///
/// A run that failed writes that moment as it finds it in the file that it replaces.
enum LastSuccess {
    /// Ten times the longest file that is written here; anything longer is somebody else's.
    static let sizeLimit = 64 * 1024

    /// Reads the one sample in the very form in which it is written; nil for any other file.
    static func read(from bytes: [UInt8], run: String) -> Timestamp? {
        let start = Array(MetricsEncoding.sampleStart(MetricsEncoding.lastSuccess, run: run).utf8)
        let lines = bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: start) }
        guard lines.count == 1, let value = lines.first?.dropFirst(start.count) else { return nil }
        let parts = value.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 3, let seconds = number(parts[0]), let fraction = number(parts[1])
        else { return nil }
        return Timestamp(milliseconds: seconds * 1000 + fraction)
    }

    /// At most eleven digits, which last for some thousand years.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...11).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
