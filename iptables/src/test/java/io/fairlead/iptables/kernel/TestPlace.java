package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Programs in a test's network namespace, with an xtables lock of the test's own. */
public record TestPlace(TestNamespace namespace, Path lock) implements Place {

  @Override
  public Process start(List<String> command) throws IOException {
    return inside(() -> {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("XTABLES_LOCKFILE", lock.toString());
      return builder.start();
    });
  }

  @Override
  public String read(Path file) throws IOException {
    return inside(() -> Files.readString(file));
  }

  private <T> T inside(Callable<T> work) throws IOException {
    try {
      return namespace.call(work);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
