/// What an input decides besides the text it brings: small numbers, taken from its beginning.
struct Choices {
    /// What is left of the input.
    private(set) var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) {
        rest = input[...]
    }

    /// The next byte; 0 when there is none.
    mutating func byte() -> UInt8 {
        rest.popFirst() ?? 0
    }

    /// The next so many bytes as one number, the first one highest.
    mutating func number(bytes: Int) -> UInt64 {
        (0..<bytes).reduce(0) { number, _ in number << 8 | UInt64(byte()) }
    }

    /// One of the elements, of which there is at least one.
    mutating func element<Element>(of elements: [Element]) -> Element {
        elements[Int(byte()) % elements.count]
    }
}

/// A sequence of numbers that follows from its seed, to cut streams with.
struct CutPoints {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// The bytes in pieces of 0 to `longest` bytes.
    mutating func pieces(of bytes: [UInt8], longest: Int) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            // Knuth's MMIX generator; its high bits are the good ones.
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let length = Int(state >> 33) % (longest + 1)
            pieces.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return pieces
    }
}
