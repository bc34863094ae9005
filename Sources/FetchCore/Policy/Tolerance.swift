/// How many lines may stay without an image before that is a failure of the night.
public enum Tolerance: Sendable, Equatable {
    /// So many lines.
    case lines(Int)
    /// So many of a hundred million of the lines that were read: a percentage with up to six decimals, as a whole number.
    case share(hundredMillionths: Int)

    /// Every line has to have its image.
    public static let none = Tolerance.lines(0)

    /// Whether so many lines without an image are no failure, out of all that were read.
    public func allows(_ count: Int, of lines: Int) -> Bool {
        switch self {
        case .lines(let most): count <= most
        case .share(let share):
            // No rounding: 0.29 % of 100,000 lines are 290.
            count.multipliedFullWidth(by: 100_000_000) <= lines.multipliedFullWidth(by: share)
        }
    }
}
