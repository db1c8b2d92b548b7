package io.fairlead.deploy.container;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** Single connections between pods. */
final class Traffic {

  static final Duration LIMIT = Duration.ofSeconds(2);

  private Traffic() {}

  /** Who answers. */
  static String tcp(ContainerPod from, InetSocketAddress to)
      throws IOException, InterruptedException {
    return EchoClient.tcp(from.namespace(), to, LIMIT).server();
  }

  static boolean reaches(ContainerPod from, InetSocketAddress to) throws InterruptedException {
    return reaches(from.namespace(), to);
  }

  private static boolean reaches(LabNamespace from, InetSocketAddress to)
      throws InterruptedException {
    try {
      EchoClient.tcp(from, to, LIMIT);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  static void awaitAnswer(ContainerPod from, InetSocketAddress to)
      throws IOException, InterruptedException {
    awaitAnswer(from.namespace(), to);
  }

  static void awaitAnswer(LabNamespace from, InetSocketAddress to)
      throws IOException, InterruptedException {
    Await.until(to + " answers " + from.name(), Await.PATIENCE, () -> reaches(from, to));
  }

  static void awaitSilence(ContainerPod from, InetSocketAddress to)
      throws IOException, InterruptedException {
    Await.until(to + " is closed to " + from.name(), Await.PATIENCE, () -> !reaches(from, to));
  }
}
