/// The slots that requests run in, as many as are in flight at once.
///
/// A slot always runs in the same place, so that what a transport keeps there, such as a connection, serves one request
/// of the slot after the other. The slot that was left last is taken first: its connection is the freshest.
struct RequestSlots {
    private let executors: [any TaskExecutor]
    private var free: [Int] = []
    private var made = 0

    /// Slots that are dealt out evenly to the executors; with none, their requests run wherever there is room.
    init(on executors: [any TaskExecutor]) {
        self.executors = executors
    }

    mutating func take() -> Int {
        if let slot = free.popLast() { return slot }
        made += 1
        return made - 1
    }

    mutating func release(_ slot: Int) {
        free.append(slot)
    }

    /// Where the slot's requests run; nil for anywhere.
    func executor(of slot: Int) -> (any TaskExecutor)? {
        executors.isEmpty ? nil : executors[slot % executors.count]
    }
}
