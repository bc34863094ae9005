public import Records

/// What a page is asked to be.
public struct PageRequest: Sendable {
    /// A command that does what is left, and what to mind with it.
    public struct Rerun: Sendable, Equatable {
        public let command: String
        public let hint: String
        /// It does every job that is worth another run, and not those of one group alone.
        public let doesAll: Bool

        public init(command: String, hint: String, doesAll: Bool) {
            self.command = command
            self.hint = hint
            self.doesAll = doesAll
        }
    }

    /// Nil for one of the page's own.
    public let title: String?
    /// The nights before, in any order.
    public let history: [PastSummary]
    public let place: PagePlace
    /// What was told while the results were read.
    public let notices: [String]
    /// The command for a group whose records can be saved as the file of this name.
    public let rerun: @Sendable (RerunFacts, _ file: String) -> Rerun
    /// How many blocks of records are packed side by side.
    public let width: Int

    public init(
        title: String?, history: [PastSummary], place: PagePlace, notices: [String], width: Int,
        rerun: @escaping @Sendable (RerunFacts, _ file: String) -> Rerun
    ) {
        self.title = title
        self.history = history
        self.place = place
        self.notices = notices
        self.width = width
        self.rerun = rerun
    }
}

/// The page that a person looks at in the morning: made from records alone, and the same from the same records.
public enum ReportPage {
    /// Reads the records that count a second time, and writes the page. Blocks.
    public static func write(
        _ merge: inout ResultsMerge, as request: PageRequest, to output: inout MergedOutput
    ) throws(MergeError) {
        try write(&merge, as: request, limits: RecordSelection.Limits(), to: &output)
    }

    static func write(
        _ merge: inout ResultsMerge, as request: PageRequest, limits: RecordSelection.Limits,
        to output: inout MergedOutput
    ) throws(MergeError) {
        let night = try Night(of: &merge, limits)
        let page = PageText(night, request).rendered
        try output.append(page.before)
        var selection = night.selection
        var packer = RecordPacker(width: request.width)
        try merge.visit(where: { selection.takes($0) }) { (_, text) throws(MergeError) in
            for block in packer.add(text) { try output.append(page.item(block.object)) }
        }
        for block in packer.finish() { try output.append(page.item(block.object)) }
        try output.append(page.after)
    }
}

extension RecordBlock {
    fileprivate var object: PageObject { ["data": .markup(base64), "count": .text("\(count)")] }
}
