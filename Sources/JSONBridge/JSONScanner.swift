/// The grammar of RFC 8259, applied byte by byte before json-c sees the text.
///
/// json-c accepts single quotes, `NaN`, raw control characters and more even when told to be strict, and its offsets
/// are approximate. The scanner makes no values: it finds the first error and notes what json-c would lose. The span
/// is checked on every access and passed to every rule, since the text comes from outside.
struct JSONScanner {
    /// A member of an object.
    struct Member {
        /// The name with its quotes.
        let name: Range<Int>
        let nameHasEscapes: Bool
        let value: Range<Int>
    }

    private let depthLimit: Int
    let reading: JSONReading
    private let keepsInnerMembers: Bool
    /// The names of the members that are kept, if not all are; then nothing is noted that grows with the text.
    private let wantedNames: [StaticString]?

    /// The most arrays and objects that were open at once.
    private(set) var deepest = 0

    /// The next byte to look at.
    var position = 0

    /// Where the value begins.
    private(set) var start = 0

    /// The members of the outermost object in the order of the text.
    private(set) var members: [Member] = []

    /// The members of the objects that are values of `members`, in the order of the text, if they were asked for.
    private(set) var innerMembers: [Member] = []

    /// Where the values of the wanted members stand, in the order of their names; of a repeated one it is the last.
    private(set) var wantedValues: [Range<Int>?] = []

    /// The value is an array or an object with nothing in it.
    private(set) var isEmptyInside = false

    /// Where the integers end, in order, whose spelling cannot be had back from 64 bits.
    var wideIntegerEnds: [Int] = []

    /// Something was forgiven that json-c would not read, or would read in another way.
    var needsRepair = false

    init(depthLimit: Int, reading: JSONReading = .strict, keepingInnerMembers: Bool = false) {
        self.depthLimit = depthLimit
        self.reading = reading
        keepsInnerMembers = keepingInnerMembers
        wantedNames = nil
    }

    /// A scanner that keeps only the members of these names, in ``wantedValues``.
    init(depthLimit: Int, reading: JSONReading, keepingOnly names: [StaticString]) {
        self.depthLimit = depthLimit
        self.reading = reading
        keepsInnerMembers = false
        wantedNames = names
        wantedValues = [Range<Int>?](repeating: nil, count: names.count)
    }

    /// Whether it is noted what json-c needs to know.
    var notesForTree: Bool { wantedNames == nil }

    /// Makes ready for another text, in the storage at hand.
    mutating func startOver() {
        position = 0
        deepest = 0
        members.removeAll(keepingCapacity: true)
        innerMembers.removeAll(keepingCapacity: true)
        wideIntegerEnds.removeAll(keepingCapacity: true)
        needsRepair = false
    }

    /// Goes over a whole text.
    mutating func scan(_ bytes: Span<UInt8>) throws(JSONError) {
        try byteOrderMark(bytes)
        skipWhiteSpace(bytes)
        guard position < bytes.count else { throw JSONError(.empty, at: position) }
        start = position
        try value(bytes, depth: 0)
        skipWhiteSpace(bytes)
        guard position == bytes.count else { throw JSONError(.trailingBytes, at: position) }
    }

    /// Goes over one value, which begins at `position`; `depth` arrays and objects are open around it.
    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        switch bytes[position] {
        case UInt8(ascii: "\""): _ = try string(bytes, isName: false)
        case UInt8(ascii: "{"): try object(bytes, depth: depth)
        case UInt8(ascii: "["): try array(bytes, depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(bytes)
        case UInt8(ascii: "t"): try word("true", bytes)
        case UInt8(ascii: "f"): try word("false", bytes)
        case UInt8(ascii: "n"): try word("null", bytes)
        default: throw JSONError(.expectedValue, at: position)
        }
    }

    private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        let opening = position
        guard depth < depthLimit else { throw JSONError(.tooDeep, at: opening) }
        deepest = max(deepest, depth + 1)
        position += 1
        try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
        if bytes[position] == UInt8(ascii: "}") {
            position += 1
            isEmptyInside = depth == 0
            return
        }
        while true {
            guard bytes[position] == UInt8(ascii: "\"") else { throw JSONError(.expectedName, at: position) }
            let nameStart = position
            let nameHasEscapes = try string(bytes, isName: true)
            let nameEnd = position

            try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            guard bytes[position] == UInt8(ascii: ":") else { throw JSONError(.expectedColon, at: position) }
            position += 1
            try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            let valueStart = position
            try value(bytes, depth: depth + 1)
            if depth == 0 || depth == 1 && keepsInnerMembers {
                let member = Member(
                    name: nameStart..<nameEnd, nameHasEscapes: nameHasEscapes, value: valueStart..<position)
                if wantedNames != nil {
                    keep(member, bytes)
                } else if depth == 0 {
                    members.append(member)
                } else {
                    innerMembers.append(member)
                }
            }

            try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            switch bytes[position] {
            case UInt8(ascii: ","):
                position += 1
                try skipWhiteSpace(bytes, or: JSONError(.unclosedObject, at: opening))
            case UInt8(ascii: "}"):
                position += 1
                return
            default:
                throw JSONError(.expectedCommaInObject, at: position)
            }
        }
    }

    private mutating func keep(_ member: Member, _ bytes: Span<UInt8>) {
        let place = wantedNames?.firstIndex { Self.spells($0, at: member.name, in: bytes) }
        if let place { wantedValues[place] = member.value }
    }

    private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONError) {
        let opening = position
        guard depth < depthLimit else { throw JSONError(.tooDeep, at: opening) }
        deepest = max(deepest, depth + 1)
        position += 1
        try skipWhiteSpace(bytes, or: JSONError(.unclosedArray, at: opening))
        if bytes[position] == UInt8(ascii: "]") {
            position += 1
            isEmptyInside = depth == 0
            return
        }
        while true {
            try value(bytes, depth: depth + 1)
            try skipWhiteSpace(bytes, or: JSONError(.unclosedArray, at: opening))
            switch bytes[position] {
            case UInt8(ascii: ","):
                position += 1
                try skipWhiteSpace(bytes, or: JSONError(.unclosedArray, at: opening))
            case UInt8(ascii: "]"):
                position += 1
                return
            default:
                throw JSONError(.expectedCommaInArray, at: position)
            }
        }
    }

    private mutating func word(_ word: String, _ bytes: Span<UInt8>) throws(JSONError) {
        let start = position
        for unit in word.utf8 {
            guard position < bytes.count, bytes[position] == unit else { throw JSONError(.expectedValue, at: start) }
            position += 1
        }
    }

    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    /// Skips to a byte that is there, or throws at the end of the text.
    private mutating func skipWhiteSpace(_ bytes: Span<UInt8>, or error: JSONError) throws(JSONError) {
        skipWhiteSpace(bytes)
        guard position < bytes.count else { throw error }
    }

    /// Goes over the mark of UTF-8 where that is allowed; it, and those of UTF-16, are errors elsewhere.
    private mutating func byteOrderMark(_ bytes: Span<UInt8>) throws(JSONError) {
        let length = Self.lengthOfByteOrderMark(bytes)
        if length > 0, reading.allowsStrangeBytes {
            position = length
            needsRepair = true
        } else if length > 0
            || bytes.count >= 2 && (bytes[0] == 0xFE && bytes[1] == 0xFF || bytes[0] == 0xFF && bytes[1] == 0xFE)
        {
            throw JSONError(.byteOrderMark, at: 0)
        }
    }

    /// How many bytes the mark of UTF-8 takes, with which a text may begin.
    static func lengthOfByteOrderMark(_ bytes: Span<UInt8>) -> Int {
        bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }
}
