/// Builds the target of a url: its path and its query, as a server gets them (WHATWG URL Standard, "path state").
///
/// Dot segments, which may be percent-encoded, are carried out, backslashes in the path are slashes, and every byte that
/// may not stand in a url is percent-encoded, once.
enum URLTarget {
    /// Whether a byte separates the segments of a path.
    static func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }

    /// The target for what follows an authority: nothing, or a text that begins with a slash or a question mark.
    static func absolute(_ text: ArraySlice<UInt8>) -> [UInt8] {
        if isUsableAsItIs(text.span) { return Array(text) }
        let path = text.prefix { $0 != question }
        var target: [UInt8] = []
        target.reserveCapacity(text.count + 1)
        append(path: path.dropFirst(), to: &target)
        append(query: text[path.endIndex...], to: &target)
        return target
    }

    /// The target for a relative reference that does not begin with a slash and is not empty.
    static func relative(_ reference: ArraySlice<UInt8>, to base: [UInt8]) -> [UInt8] {
        let path = reference.prefix { $0 != question }
        var target = Array(base.prefix { $0 != question })
        if !path.isEmpty {
            removeLastSegment(of: &target)
            append(path: path, to: &target)
        }
        append(query: reference[path.endIndex...], to: &target)
        return target
    }

    /// Appends the segments of a path that has lost its first slash.
    private static func append(path: ArraySlice<UInt8>, to target: inout [UInt8]) {
        var rest = path
        while true {
            let segment = rest.prefix { !isSlash($0) }
            let isLast = segment.endIndex == rest.endIndex
            let dots = dots(in: segment)
            if dots == 2 { removeLastSegment(of: &target) }
            // A path that ends in a dot segment ends in a slash.
            if dots == 0 || isLast { target.append(slash) }
            if dots == 0 { PercentEncoding.append(segment, as: .path, to: &target) }
            if isLast { return }
            rest = rest[(segment.endIndex + 1)...]
        }
    }

    /// - Parameter query: with its question mark, or empty.
    private static func append(query: ArraySlice<UInt8>, to target: inout [UInt8]) {
        guard let mark = query.first else { return }
        target.append(mark)
        PercentEncoding.append(query.dropFirst(), as: .query, to: &target)
    }

    private static func removeLastSegment(of target: inout [UInt8]) {
        if let last = target.lastIndex(of: slash) { target.removeSubrange(last...) }
    }

    /// 1 for `.`, 2 for `..`, with any dot as `%2e` too; 0 for any other segment.
    private static func dots(in segment: ArraySlice<UInt8>) -> Int {
        guard segment.count <= 6 else { return 0 }
        var count = 0
        var rest = segment
        while let first = rest.first {
            if first == UInt8(ascii: ".") {
                rest = rest.dropFirst()
            } else if rest.starts(with: "%2e".utf8) || rest.starts(with: "%2E".utf8) {
                rest = rest.dropFirst(3)
            } else {
                return 0
            }
            count += 1
        }
        return count <= 2 ? count : 0
    }

    /// Whether a text needs none of all that, as nearly all targets do not.
    static func isUsableAsItIs(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty, text[0] == slash else { return false }
        var previous = slash
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "%"):
                // What follows a slash may be a dot segment.
                if previous == slash { return false }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
                UInt8(ascii: "="), question, UInt8(ascii: "~"):
                break
            // From the ampersand to the semicolon stand the digits, and the apostrophe, which a query may not hold.
            case UInt8(ascii: "&")...UInt8(ascii: ";") where byte != UInt8(ascii: "'"):
                break
            default:
                return false
            }
            previous = byte
        }
        return true
    }

    private static let slash = UInt8(ascii: "/")
    private static let question = UInt8(ascii: "?")
}
