package io.fairlead.deploy.container;

import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The API server, as pods see it: TLS at an address of the network, a token and a certificate in
 * the folder of the service account.
 */
record ApiAccess(ApiServerDouble server, String host, int port) implements AutoCloseable {

  private static final int PORT = 6443;
  private static final String TOKEN = "the-token-of-fairlead";

  /** Listens at an address that {@code namespace} has. */
  static ApiAccess start(LabNamespace namespace, String host)
      throws IOException, InterruptedException {
    ApiServerDouble server =
        namespace.call(() -> ApiServerDouble.startTls(new InetSocketAddress(host, PORT)));
    return new ApiAccess(server.requireToken(TOKEN), host, PORT);
  }

  /** Writes what a kubelet mounts into pods. */
  void writeAccount(Path folder) throws IOException {
    Files.writeString(folder.resolve("token"), TOKEN);
    Files.writeString(folder.resolve("ca.crt"), server.certificate());
    Files.writeString(folder.resolve("namespace"), "kube-system");
  }

  @Override
  public void close() {
    server.close();
  }
}
