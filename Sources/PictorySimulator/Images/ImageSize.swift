/// A picture's width and height in pixels.
public struct ImageSize: Hashable, Sendable {
    public let width: Int
    public let height: Int

    /// The longest side that is painted; a picture of 4096 by 4096 needs about 50 MB while it is made.
    public static let longestSide = 4096

    init(_ width: Int, _ height: Int) {
        self.width = width
        self.height = height
    }

    /// Reads `WxH`, for example `64x64`; nil unless both sides are from 1 to `longestSide`.
    public init?(argument: String) {
        let sides = argument.split(separator: "x", omittingEmptySubsequences: false)
        guard sides.count == 2,
            let width = ImageSize.side(sides[0]),
            let height = ImageSize.side(sides[1])
        else { return nil }
        self.init(width, height)
    }

    private static func side(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let side = Int(digits), (1...longestSide).contains(side)
        else { return nil }
        return side
    }
}
