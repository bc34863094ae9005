import TestRandom

/// What a night draws from its seed.
extension SeededGenerator {
    mutating func unit() -> Double { Double.random(in: 0..<1, using: &self) }

    mutating func chance(_ part: Double) -> Bool { unit() < part }

    mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func number(in range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

    mutating func pick<Element>(from elements: [Element]) -> Element {
        elements[number(in: elements.indices)]
    }
}
