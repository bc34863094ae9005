import Glibc

/// Cuts a stream of bytes into lines, in memory bounded by the longest line that is kept.
///
/// Lines end in LF or CRLF; the last may have no end. A UTF-8 byte order mark at a line's beginning is taken off: files
/// that have one may be joined to one. Blank lines are counted and passed over.
public struct LineBuffer: Sendable {
    public enum Line: Sendable, Equatable {
        /// The line's place in ``bytes``, without its end; valid until the next ``fill(_:)``.
        case whole(Range<Int>)
        /// The line was longer than the limit, and its bytes were dropped; how many there were.
        case tooLong(bytes: Int)
    }

    /// Most bytes of a line that is kept, its end left out.
    public let limit: Int
    /// What has been read and not yet passed on, between `start` and `end`.
    public private(set) var bytes: [UInt8] = []
    /// The number of the line that was returned last, from 1.
    public private(set) var number = 0

    private var start = 0
    private var end = 0
    /// Bytes that have come in altogether.
    private var filled = 0
    /// There is no newline before this place. So a long line is searched once, and not again with every block.
    private var searched = 0
    /// Of a line over the limit: how many bytes were dropped.
    private var dropped = 0
    /// Whether any of those was more than white space.
    private var droppedMoreThanBlanks = false

    /// 1 MiB, the contract's limit: far more than a job needs, and little enough to hold.
    public static let standardLimit = 1 << 20
    /// A pipe's capacity on Linux, so that one read empties it.
    private static let blockSize = 64 << 10
    /// What may stand beside a line of the greatest length: a byte order mark and a CR.
    private static let markLength = 4
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    public init(limit: Int = standardLimit) {
        self.limit = limit
    }

    /// Lets `read` append the next bytes, and returns what `read` returns.
    public mutating func fill(
        _ read: (UnsafeMutableRawBufferPointer) throws(SystemError) -> Int?
    ) throws(SystemError) -> Int? {
        if start > 0 {
            bytes.withUnsafeMutableBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                UnsafeMutableRawBufferPointer(rebasing: bytes[..<rest.count]).copyMemory(from: rest)
            }
            (start, end, searched) = (0, end - start, searched - start)
        }
        if bytes.count - end < Self.blockSize {
            bytes += [UInt8](repeating: 0, count: Self.blockSize)
        }
        let space = end..<end + Self.blockSize
        let count = try bytes.withUnsafeMutableBufferPointer { (bytes) throws(SystemError) -> Int? in
            try read(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: bytes[space])))
        }
        end += count ?? 0
        filled += count ?? 0
        return count
    }

    /// Bytes of the input that have become lines, or were dropped because their line is too long.
    public var passed: Int { offset(of: start) }

    /// What has come in so far, as long as none of it has become a line.
    public var beginning: ArraySlice<UInt8> { passed == 0 ? bytes[start..<end] : [] }

    /// Where a place in ``bytes`` lies within the whole input, counted from 0.
    public func offset(of place: Int) -> Int {
        filled - end + place
    }

    /// The next line that is not blank; nil when it is not complete yet, or when there is none and the input has ended.
    ///
    /// `dropping` is handed the bytes of a line over the limit, piece by piece and without the line's end; `isFirst` is
    /// true for the first piece of each line.
    public mutating func nextLine(
        inputEnded: Bool, dropping: (_ piece: Span<UInt8>, _ isFirst: Bool) -> Void = { _, _ in }
    ) -> Line? {
        while let range = takeLine(inputEnded: inputEnded) {
            let line = withoutMarks(range)
            let length = dropped + line.count
            let isBlank = !droppedMoreThanBlanks && isBlank(line)
            number += 1
            if length > limit { dropping(bytes.span.extracting(line), dropped == 0) }
            (dropped, droppedMoreThanBlanks) = (0, false)
            if isBlank { continue }
            return length <= limit ? .whole(line) : .tooLong(bytes: length)
        }
        dropOverlongLine(dropping)
        return nil
    }

    private mutating func takeLine(inputEnded: Bool) -> Range<Int>? {
        if let newline = firstNewline() {
            defer { (start, searched) = (newline + 1, newline + 1) }
            return start..<newline
        }
        searched = end
        guard inputEnded, start < end else { return nil }
        defer { start = end }
        return start..<end
    }

    private func firstNewline() -> Int? {
        bytes.withUnsafeBytes { bytes in
            let unsearched = UnsafeRawBufferPointer(rebasing: bytes[searched..<end])
            guard let first = unsearched.baseAddress,
                let newline = memchr(first, CInt(UInt8(ascii: "\n")), unsearched.count)
            else { return nil }
            return searched + (UnsafeRawPointer(newline) - first)
        }
    }

    /// Forgets what has come of a line that is already longer than any that is kept.
    private mutating func dropOverlongLine(_ dropping: (Span<UInt8>, Bool) -> Void) {
        guard dropped > 0 || end - start > limit + Self.markLength else { return }
        // The last byte stays, for it may be the CR of the line's end.
        let excess = withoutByteOrderMark(start..<end).dropLast()
        dropping(bytes.span.extracting(excess), dropped == 0)
        droppedMoreThanBlanks = droppedMoreThanBlanks || !isBlank(excess)
        dropped += excess.count
        start = end - 1
    }

    private func withoutMarks(_ range: Range<Int>) -> Range<Int> {
        let line = withoutByteOrderMark(range)
        return bytes[line].last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    private func withoutByteOrderMark(_ range: Range<Int>) -> Range<Int> {
        // The beginning of a line that is too long has been dropped.
        dropped == 0 && bytes[range].starts(with: Self.byteOrderMark) ? range.dropFirst(3) : range
    }

    private func isBlank(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy(JSONWhiteSpace.contains)
    }
}

/// The bytes that JSON allows between values.
public enum JSONWhiteSpace {
    public static func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    /// The range without the white space at its ends.
    public static func trimmed(_ range: Range<Int>, of bytes: Span<UInt8>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, contains(bytes[start]) { start += 1 }
        while start < end, contains(bytes[end - 1]) { end -= 1 }
        return start..<end
    }
}
