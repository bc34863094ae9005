import Synchronization

/// Numbers in a given order; the last one repeats.
final class NumberSource: Sendable {
    private let rest: Mutex<[UInt64]>

    init(_ numbers: [UInt64]) {
        rest = Mutex(numbers)
    }

    func next() -> UInt64 {
        rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? 0 }
    }
}
