package io.fairlead.bench.kubeproxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** TLS as a kubeconfig asks for it. */
final class TlsClient {

  private static final char[] PASSWORD = new char[0];

  private TlsClient() {}

  /**
   * Speaks TLS over a connection, and closes it if that fails.
   *
   * @return a socket that closes the connection with itself
   */
  static Socket over(Socket connection, Kubeconfig kubeconfig) throws IOException {
    try {
      String name = kubeconfig.serverName().isEmpty() ? kubeconfig.host() : kubeconfig.serverName();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(kubeconfig), trust(kubeconfig), null);
      SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(connection, name, kubeconfig.port(), true);
      if (!kubeconfig.insecure()) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
      }
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      connection.close();
      throw new IOException("the kubeconfig's certificates cannot be used: " + e.getMessage(), e);
    } catch (IOException e) {
      connection.close();
      throw new IOException(
          "no TLS with the API server " + kubeconfig.server() + ": " + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException, IOException {
    try (InputStream in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static KeyManager @Nullable [] keys(Kubeconfig kubeconfig)
      throws GeneralSecurityException, IOException {
    if (kubeconfig.key().isEmpty()) {
      return null;
    }
    Certificate[] chain = certificates(kubeconfig.certificate()).toArray(Certificate[]::new);
    KeyStore store = emptyStore();
    store.setKeyEntry("client", PrivateKeys.read(kubeconfig.key()), PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trust(Kubeconfig kubeconfig)
      throws GeneralSecurityException, IOException {
    if (kubeconfig.insecure()) {
      return new TrustManager[] {new TrustEverybody()};
    }
    if (kubeconfig.authority().isEmpty()) {
      return null;
    }
    KeyStore store = emptyStore();
    for (Certificate certificate : certificates(kubeconfig.authority())) {
      store.setCertificateEntry("authority-" + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** What insecure-skip-tls-verify asks for. */
  private static final class TrustEverybody extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
