import Synchronization

/// Numbers in a given order; the last one repeats.
public final class NumberSource: Sendable {
    private let rest: Mutex<[UInt64]>

    public init(_ numbers: [UInt64]) {
        rest = Mutex(numbers)
    }

    public func next() -> UInt64 {
        rest.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? 0 }
    }
}
