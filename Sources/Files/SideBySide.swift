import Glibc
import Synchronization

/// Calls that block, several at a time.
///
/// They have threads of their own for as long as they last, so that their number does not depend on that of the cores:
/// a call that blocks needs none.
public enum SideBySide {
    /// Makes the call for each of the items, at most `limit` at a time, and returns what came of each, in their order.
    ///
    /// Blocks until the last is done. The calling thread is one of those that make the calls; where the system has no
    /// other to give, it makes them all.
    public static func map<Item: Sendable, Value: Sendable>(
        _ items: [Item], atOnce limit: Int, _ call: @escaping @Sendable (Item) -> Value
    ) -> [Value] {
        guard items.count > 1, limit > 1 else { return items.map(call) }
        let round = Round(items, call)
        let others = (1..<min(limit, items.count)).compactMap { _ in CallingThread(round.work) }
        round.work()
        for other in others { other.join() }
        return round.values
    }

    /// The items that are left, and the values so far.
    private final class Round<Item: Sendable, Value: Sendable>: Sendable {
        private let items: [Item]
        private let call: @Sendable (Item) -> Value
        private let next = Atomic(0)
        private let found: Mutex<[Value?]>

        init(_ items: [Item], _ call: @escaping @Sendable (Item) -> Value) {
            self.items = items
            self.call = call
            found = Mutex(Array(repeating: nil, count: items.count))
        }

        /// Takes one item after another until none is left.
        @Sendable func work() {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < items.count else { return }
                let value = call(items[index])
                found.withLock { $0[index] = value }
            }
        }

        /// What came of the items, once all threads are done.
        var values: [Value] {
            let values = found.withLock { $0.compactMap(\.self) }
            precondition(values.count == items.count, "the values are asked for once every call is done")
            return values
        }
    }
}
