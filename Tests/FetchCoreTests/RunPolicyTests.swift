import Testing

@testable import FetchCore

@Suite struct RunPolicyTests {
    @Test(arguments: [(0, 1, 1), (3, 1, 1), (8, 2, 2), (40, 10, 10), (160, 40, 40), (400, 64, 96), (100_000, 64, 96)])
    func capAndBacklogFitTheOpenFiles(openFiles: Int, cap: Int, backlog: Int) {
        var policy = RunPolicy(concurrency: 64)
        policy.fit(openFiles: openFiles)
        #expect(policy.concurrency == cap)
        #expect(policy.unrecordedImagesLimit == backlog)
        #expect(3 * cap + backlog <= max(openFiles, 4))
    }
}
