package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.lab.ContainerRuntime.Attachment;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/** ADDs are killed at random moments, and followed by DEL. */
final class PluginKilled implements Fault {

  private static final int TIMES = 5;
  private static final int LONGEST_LIFE_MICROSECONDS = 30_000;

  @Override
  public String inject(Target target) throws IOException, InterruptedException {
    for (int i = 0; i < TIMES; i++) {
      String name = "killed-" + i;
      try (LabNamespace namespace = LabNamespace.create(name)) {
        Attachment attachment =
            new Attachment(
                "%064x".formatted(target.random().nextLong() & Long.MAX_VALUE),
                namespace.path().toString(),
                "eth0",
                "default",
                name,
                "",
                "1.1.0");
        target.cluster().announce(target.node(), name);
        killed(target, attachment);
        if (!target.node().runtime().execute("DEL", attachment).isSuccess()) {
          throw new IOException("CNI DEL after a killed ADD failed on " + target.node().name());
        }
      } finally {
        target.cluster().withdraw(name);
      }
    }
    return TIMES + " CNI binaries are killed during ADD on " + target.node().name();
  }

  private static void killed(Target target, Attachment attachment)
      throws IOException, InterruptedException {
    Node node = target.node();
    ProcessBuilder builder =
        new ProcessBuilder(node.cniBinary().toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(node.runtime().environment("ADD", attachment));
    Process process = node.namespace().start(builder);
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(node.runtime().configuration(attachment).getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended without reading all of it.
    }
    LockSupport.parkNanos(1000L * target.random().nextInt(LONGEST_LIFE_MICROSECONDS));
    process.destroyForcibly().waitFor();
  }
}
