import Files

/// The same bytes are the same lines, in whatever pieces they come, and a long line takes no memory.
enum ManifestBytesProperties {
    static func check(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let limit = 1 + Int(choices.byte())
        var cuts = CutPoints(seed: choices.number(bytes: 2))
        let bytes = Array(choices.rest)
        let expected = lines(of: bytes, limit: limit)
        try require(read(cuts.pieces(of: bytes, longest: 40), limit: limit) == expected, "pieces give other lines")
        try require(read([bytes[...]], limit: limit) == expected, "the whole gives other lines")
    }

    private struct Line: Equatable {
        let number: Int
        let text: [UInt8]
        /// Beyond the limit there is no text, and this is the length that is reported.
        let length: Int
    }

    /// Cuts by the manifest's rules, all bytes at hand.
    private static func lines(of bytes: [UInt8], limit: Int) -> [Line] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var lines: [Line] = []
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            let marked = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            let text = marked.starts(with: mark) ? marked.dropFirst(3) : marked
            guard !text.allSatisfy({ " \t\r".utf8.contains($0) }) else { continue }
            lines.append(Line(number: index + 1, text: text.count > limit ? [] : Array(text), length: text.count))
        }
        return lines
    }

    private static func read(_ pieces: [ArraySlice<UInt8>], limit: Int) throws(Violation) -> [Line] {
        var buffer = LineBuffer(limit: limit)
        var lines: [Line] = []
        func takeLines(inputEnded: Bool) {
            while let line = buffer.nextLine(inputEnded: inputEnded) {
                switch line {
                case .whole(let range):
                    lines.append(Line(number: buffer.number, text: Array(buffer.bytes[range]), length: range.count))
                case .tooLong(let length):
                    lines.append(Line(number: buffer.number, text: [], length: length))
                }
            }
        }
        for piece in pieces {
            do {
                _ = try buffer.fill { (space) throws(SystemError) -> Int? in
                    space.copyBytes(from: piece)
                    return piece.count
                }
            } catch {
                throw Violation("nothing was read that could fail: \(error)")
            }
            takeLines(inputEnded: false)
            // Two blocks, a line, and what may stand beside it.
            try require(buffer.bytes.count <= 2 * (64 << 10) + limit + 4, "\(buffer.bytes.count) bytes are held")
        }
        takeLines(inputEnded: true)
        return lines
    }
}
