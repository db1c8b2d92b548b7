package io.fairlead.bench.api;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;

/**
 * A fresh key and a certificate that signs itself, by the JDK's keytool: the JDK has no public API
 * that makes certificates.
 */
final class ServerIdentity {

  private static final char[] PASSWORD = "not-a-secret".toCharArray();

  private final SslContext context;
  private final Certificate certificate;

  private ServerIdentity(SslContext context, Certificate certificate) {
    this.context = context;
    this.certificate = certificate;
  }

  /** An identity for a server at {@code address}, a literal IP address. */
  static ServerIdentity create(String address) throws IOException {
    Path folder = Files.createTempDirectory("fairlead-api");
    Path file = folder.resolve("identity.p12");
    try {
      execute(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
              "-genkeypair",
              "-keystore",
              file.toString(),
              "-storepass",
              new String(PASSWORD),
              "-alias",
              "server",
              "-keyalg",
              "EC",
              "-groupname",
              "secp256r1",
              "-dname",
              "CN=kube-apiserver",
              "-validity",
              "2",
              "-ext",
              "san=ip:" + address,
              "-ext",
              "bc=ca:true"));
      return load(file);
    } finally {
      try (Stream<Path> left = Files.list(folder)) {
        for (Path path : left.toList()) {
          Files.delete(path);
        }
      }
      Files.delete(folder);
    }
  }

  private static void execute(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool made no certificate: " + text);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool made a certificate", e);
    }
  }

  private static ServerIdentity load(Path file) throws IOException {
    try (var stream = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(stream, PASSWORD);
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      SslContext context = SslContextBuilder.forServer(keys).sslProvider(SslProvider.JDK).build();
      return new ServerIdentity(context, Objects.requireNonNull(store.getCertificate("server")));
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate that keytool made cannot be read", e);
    }
  }

  SslContext context() {
    return context;
  }

  /** The certificate, for clients to trust. */
  String pem() {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
