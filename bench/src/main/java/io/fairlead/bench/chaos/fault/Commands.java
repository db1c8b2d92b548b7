package io.fairlead.bench.chaos.fault;

import java.io.IOException;

/** Programs that somebody else runs on a node. */
final class Commands {

  private Commands() {}

  /** Runs a command whose words have no blanks, and returns it with the node's name. */
  static String run(Target target, String command) throws IOException, InterruptedException {
    target.node().namespace().run(command.split(" "));
    return command + ", on " + target.node().name();
  }
}
