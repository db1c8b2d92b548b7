package io.fairlead.bench.soak;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The command line of {@link Soak}; {@link SoakOptions#USAGE} are its flags. Prints a report, and
 * progress on standard error; exits with 1 if anything is left or was given out twice, or if it
 * cannot run, and with 2 on a wrong argument.
 */
public final class SoakMain {

  private SoakMain() {}

  @SuppressWarnings("SystemOut") // Its output is for a person.
  public static void main(String[] arguments) throws InterruptedException {
    try {
      SoakOptions options = SoakOptions.parse(System.nanoTime() & Integer.MAX_VALUE, arguments);
      SoakReport report =
          new Soak(options, Distribution.required(), new ProgressLines(System.err)).run();
      System.out.print(report.toText());
      Path file = options.json();
      if (file != null) {
        Files.writeString(file, report.toJson() + "\n");
      }
      System.exit(report.isClean() ? 0 : 1);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("the soak failed: " + e.getMessage());
      System.exit(1);
    }
  }
}
