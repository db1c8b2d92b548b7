package io.fairlead.agent.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the command line writes: results to stdout, sentences about errors to stderr. */
record Terminal(PrintStream out, PrintStream err, boolean colouredOut, boolean colouredErr) {

  static Terminal standard() {
    return new Terminal(System.out, System.err, isTerminal(1), isTerminal(2));
  }

  /** Whether a descriptor of this process leads to a terminal, and nobody asked for no colours. */
  private static boolean isTerminal(int descriptor) {
    if (System.getenv("NO_COLOR") != null) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException e) {
      return false;
    }
  }

  /** A sentence about an error. */
  void error(String sentence) {
    String end = sentence.endsWith(".") || sentence.endsWith("?") ? "" : ".";
    err.println((colouredErr ? "\u001b[31mfairlead:\u001b[0m " : "fairlead: ") + sentence + end);
  }
}
