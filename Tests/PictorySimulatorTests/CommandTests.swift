import ArgumentParser
import Testing

@testable import PictorySimulator
@testable import pictory_simulator

@Suite struct CommandTests {
    @Test func defaultsAreTheDocumentedOnes() throws {
        let command = try ServeCommand.parse([])
        #expect(command.port == 0 && command.seed == 1 && command.timeScale == 1)
        #expect(command.scenario == .evening && command.imageSize == nil)
    }

    @Test func everyScenarioIsAccepted() throws {
        for scenario in Scenario.allCases {
            #expect(try ServeCommand.parse(["--scenario", scenario.rawValue]).scenario == scenario)
        }
    }

    @Test(arguments: [
        ["--scenario", "doomsday"], ["--port", "65536"], ["--port=-1"], ["--time-scale", "0"], ["--time-scale", "nan"],
        ["--time-scale", "inf"], ["--images", "64"], ["--images", "0x0"], ["--seed", "x"], ["surplus"],
    ])
    func serveRefuses(arguments: [String]) {
        #expect(throws: (any Error).self) { try ServeCommand.parse(arguments) }
    }

    @Test func unknownScenarioIsToldTheChoices() {
        do {
            _ = try ServeCommand.parse(["--scenario", "doomsday"])
            Issue.record("accepted")
        } catch {
            let message = ServeCommand.message(for: error)
            #expect(Scenario.allCases.allSatisfy { message.contains($0.rawValue) })
            #expect(ServeCommand.exitCode(for: error).rawValue == 64)
        }
    }

    @Test(arguments: [[], ["--jobs=-1"], ["--jobs", "many"]])
    func manifestRefuses(arguments: [String]) {
        #expect(throws: (any Error).self) { try ManifestCommand.parse(arguments) }
    }
}
