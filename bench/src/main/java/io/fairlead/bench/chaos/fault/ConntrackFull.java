package io.fairlead.bench.chaos.fault;

import io.fairlead.dataplane.sys.ProcFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The node's table of connections has no room, so that the kernel drops what is new. Its limit is
 * one for all namespaces, and not to be changed from one of them; so it is filled, with entries
 * that nobody uses and that the kernel does not drop early.
 */
final class ConntrackFull implements Fault {

  private static final Path LIMIT = Path.of("/proc/sys/net/netfilter/nf_conntrack_max");

  /** Some hundred bytes of the kernel's memory each. */
  private static final int MOST = 300_000;

  private static final String MARK = "0xc4a05";

  @Override
  public String inject(Target target) throws IOException, InterruptedException, UnsupportedFault {
    if (!Files.exists(LIMIT)) {
      throw new UnsupportedFault(
          "the kernel does not say how many connections it tracks: " + LIMIT);
    }
    int limit = Integer.parseInt(ProcFile.text(LIMIT));
    if (limit > MOST) {
      throw new UnsupportedFault(
          "the machine tracks up to " + limit + " connections, more than are made here");
    }
    Path file = Files.createTempFile(target.cluster().folder(), "connections", "");
    try {
      Files.writeString(file, lines(limit));
      // Fails at the one that is too many.
      target.node().namespace().tryRun("conntrack", "-R", file.toString());
    } finally {
      Files.delete(file);
    }
    String count =
        target.node().namespace().run("sysctl", "-n", "net.netfilter.nf_conntrack_count").strip();
    return count + " of " + limit + " connections are tracked on " + target.node().name();
  }

  private static String lines(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      int source = i >> 14;
      text.append("-A -p udp -s 198.18.")
          .append(source >> 8)
          .append('.')
          .append(source & 255)
          .append(" -d 198.19.0.1 --sport ")
          .append(1024 + (i & 16383))
          .append(" --dport 9 -t 120 -u ASSURED,SEEN_REPLY -m ")
          .append(MARK)
          .append('\n');
    }
    return text.toString();
  }

  @Override
  public void undo(Target target) throws IOException, InterruptedException {
    target.node().namespace().tryRun("conntrack", "-D", "-m", MARK);
  }
}
