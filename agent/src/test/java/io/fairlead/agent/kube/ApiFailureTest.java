package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ApiFailureTest {

  private static String status(int code) {
    return ApiFailure.describe(
        new IOException(
            "outer",
            new KubernetesClientException(
                "Failure executing: GET at: http://x. Received status: Status(...)",
                code,
                new StatusBuilder().withCode(code).withMessage("nodes is forbidden").build())));
  }

  @Test
  @DisplayName("401 and 403 say who has to do what, without the request's text (faults 42)")
  void refused() {
    assertThat(status(401))
        .isEqualTo(
            "status 401 (nodes is forbidden); it does not accept the token or certificate of the"
                + " kubeconfig, renew it");
    assertThat(status(403))
        .isEqualTo(
            "status 403 (nodes is forbidden); allow this user get, list and watch by a ClusterRole");
    assertThat(status(500)).isEqualTo("status 500 (nodes is forbidden)");
  }

  @Test
  void unreachable() {
    assertThat(ApiFailure.describe(new IOException(new ConnectException())))
        .isEqualTo("it cannot be connected to");
    assertThat(ApiFailure.describe(new UnknownHostException("nowhere")))
        .isEqualTo("its host name is unknown (nowhere)");
    SSLHandshakeException untrusted = new SSLHandshakeException("handshake");
    untrusted.initCause(new CertificateException("no path to a known authority"));
    assertThat(ApiFailure.describe(new IOException(untrusted)))
        .contains("no path to a known authority")
        .contains("correct certificate-authority");
  }
}
