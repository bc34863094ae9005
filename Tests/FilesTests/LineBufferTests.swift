import Testing

@testable import Files

@Suite struct LineBufferTests {
    /// Feeds the bytes in pieces of `size` and gathers each line with its number.
    private func lines(
        of text: String, inPiecesOf size: Int = 1 << 16, limit: Int = 100
    ) throws -> [String] {
        var buffer = LineBuffer(limit: limit)
        var rest = Array(text.utf8)[...]
        var lines: [String] = []
        func drain(inputEnded: Bool) {
            while let line = buffer.nextLine(inputEnded: inputEnded) {
                switch line {
                case .whole(let range):
                    lines.append("\(buffer.number):" + String(decoding: buffer.bytes[range], as: UTF8.self))
                case .tooLong(let count):
                    lines.append("\(buffer.number)>\(count)")
                }
            }
        }
        while !rest.isEmpty {
            _ = try buffer.fill { space in
                let piece = rest.prefix(min(size, space.count))
                space.copyBytes(from: piece)
                rest = rest.dropFirst(piece.count)
                return piece.count
            }
            drain(inputEnded: false)
        }
        drain(inputEnded: true)
        return lines
    }

    @Test(arguments: [1, 2, 3, 5, 64])
    func linesAreTheSameHoweverTheBytesArrive(size: Int) throws {
        let text = "\u{FEFF}one\r\ntwo\n\n \t\r\nthree 3 \n\u{FEFF}four"
        #expect(
            try lines(of: text, inPiecesOf: size) == ["1:one", "2:two", "5:three 3 ", "6:four"])
    }

    @Test(arguments: [1, 2, 3, 64])
    func byteOrderMarkIsTakenOffOnceAtAnyLinesBeginning(size: Int) throws {
        let text = "\u{FEFF}\u{FEFF}a\n\u{FEFF}\r\n\u{FEFF} b\u{FEFF}\n \u{FEFF}c"
        #expect(try lines(of: text, inPiecesOf: size) == ["1:\u{FEFF}a", "3: b\u{FEFF}", "4: \u{FEFF}c"])
    }

    @Test func beginningIsThereUntilItIsALine() throws {
        var buffer = LineBuffer(limit: 100)
        for (piece, expected) in [("a", "a"), ("bc", "abc"), ("\n", "abc\n")] {
            _ = try buffer.fill { space in
                space.copyBytes(from: Array(piece.utf8))
                return piece.utf8.count
            }
            #expect(String(decoding: buffer.beginning, as: UTF8.self) == expected)
        }
        _ = buffer.nextLine(inputEnded: false)
        #expect(buffer.beginning.isEmpty)
    }

    @Test func lastLineNeedsNoNewline() throws {
        #expect(try lines(of: "a\nb") == ["1:a", "2:b"])
        #expect(try lines(of: "a\nb\n") == ["1:a", "2:b"])
        #expect(try lines(of: "") == [])
        #expect(try lines(of: "\u{FEFF}") == [])
    }

    @Test(arguments: [1, 3, 1 << 16])
    func linesTellWhereTheyBegin(size: Int) throws {
        var buffer = LineBuffer(limit: 100)
        let text = Array("one\r\n\n three\nfour".utf8)
        var offsets: [Int] = []
        for piece in stride(from: 0, to: text.count, by: size) {
            _ = try buffer.fill { space in
                let bytes = text[piece..<min(piece + size, text.count)]
                space.copyBytes(from: bytes)
                return bytes.count
            }
            while case .whole(let range)? = buffer.nextLine(inputEnded: piece + size >= text.count) {
                offsets.append(buffer.offset(of: range.lowerBound))
            }
        }
        #expect(offsets == [0, 6, 13])
    }

    @Test func carriageReturnWithinALineStays() throws {
        #expect(try lines(of: "a\rb\r\r\n") == ["1:a\rb\r"])
    }

    @Test(arguments: [1, 7, 1 << 16])
    func limitIsExact(size: Int) throws {
        let full = String(repeating: "x", count: 100)
        #expect(try lines(of: "\(full)\n\(full)y\nz", inPiecesOf: size) == ["1:\(full)", "2>101", "3:z"])
        // Neither the mark before the line nor its end counts.
        #expect(try lines(of: "\u{FEFF}\(full)\r\n", inPiecesOf: size) == ["1:\(full)"])
        #expect(try lines(of: "\u{FEFF}\(full)y\r\nz", inPiecesOf: size) == ["1>101", "2:z"])
        #expect(try lines(of: "a\n\u{FEFF}\(full)y\r\n\u{FEFF}z", inPiecesOf: size) == ["1:a", "2>101", "3:z"])
    }

    @Test(arguments: [1, 7, 1 << 16])
    func overlongLineWithoutNewlineIsReported(size: Int) throws {
        #expect(try lines(of: String(repeating: "x", count: 1000), inPiecesOf: size) == ["1>1000"])
    }

    @Test(arguments: [1, 1 << 16])
    func blankLineOfAnyLengthIsPassedOver(size: Int) throws {
        let blanks = String(repeating: " ", count: 1000)
        #expect(try lines(of: "\(blanks)\nx\n\(blanks)", inPiecesOf: size) == ["2:x"])
        #expect(try lines(of: "\(blanks)y\nx", inPiecesOf: size) == ["1>1001", "2:x"])
    }

    @Test func memoryIsBoundedByTheLimit() throws {
        var buffer = LineBuffer()
        var most = 0
        for _ in 0..<1600 {
            _ = try buffer.fill { space in
                space.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "x"))
                return space.count
            }
            #expect(buffer.nextLine(inputEnded: false) == nil)
            most = max(most, buffer.bytes.count)
        }
        #expect(most <= LineBuffer.standardLimit + (192 << 10))
        #expect(buffer.nextLine(inputEnded: true) == .tooLong(bytes: 1600 << 16))
    }

    @Test func readThatHasNothingYetChangesNothing() throws {
        var buffer = LineBuffer()
        #expect(try buffer.fill { _ in nil } == nil)
        #expect(buffer.nextLine(inputEnded: false) == nil)
        #expect(buffer.number == 0)
    }
}
