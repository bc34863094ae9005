import Testing

@testable import FetchCore

@Suite struct RunPolicyTests {
    @Test(arguments: [(0, 1, 1), (3, 1, 1), (10, 2, 2), (40, 8, 8), (200, 40, 40), (400, 64, 144), (100_000, 64, 192)])
    func capAndBacklogFitTheOpenFiles(openFiles: Int, cap: Int, backlog: Int) {
        var policy = RunPolicy(concurrency: 64)
        policy.fit(openFiles: openFiles)
        #expect(policy.concurrency == cap)
        #expect(policy.unrecordedImagesLimit == backlog)
        #expect(4 * cap + backlog <= max(openFiles, 5))
    }
}
