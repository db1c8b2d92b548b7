package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.iptables.kernel.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Lets programs of iptables run in a namespace, on a thread of its own: that of the namespace may
 * be waiting for them.
 */
final class NamespacePlace implements Place, AutoCloseable {

  private final NamespaceThread thread;

  NamespacePlace(LabNamespace namespace) throws IOException {
    this.thread = namespace.newThread("programs");
  }

  @Override
  public Process start(List<String> command) throws IOException {
    return call(() -> new ProcessBuilder(command).start());
  }

  @Override
  public String read(Path file) throws IOException {
    return call(() -> Files.readString(file));
  }

  private <T> T call(Callable<T> work) throws IOException {
    try {
      return thread.call(work);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("a namespace's thread failed", e);
    }
  }

  @Override
  public void close() {
    thread.close();
  }
}
