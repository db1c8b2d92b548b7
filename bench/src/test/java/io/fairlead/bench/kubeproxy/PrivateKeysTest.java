package io.fairlead.bench.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys are put into the older forms by hand: the JDK writes PKCS#8 alone. */
class PrivateKeysTest {

  private static KeyPair pair(String algorithm, int size) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private static String pem(String type, byte[] content) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static byte[] der(int tag, byte[] content) {
    byte[] length =
        content.length < 128
            ? new byte[] {(byte) content.length}
            : new byte[] {(byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
    return join(List.of(new byte[] {(byte) tag}, length, content));
  }

  private static byte[] join(List<byte[]> parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts.forEach(out::writeBytes);
    return out.toByteArray();
  }

  private static byte[] integer(BigInteger value) {
    return der(2, value.toByteArray());
  }

  @Test
  void pkcs8() throws Exception {
    for (KeyPair pair : List.of(pair("RSA", 2048), pair("EC", 256))) {
      assertThat(PrivateKeys.read(pem("PRIVATE KEY", pair.getPrivate().getEncoded())))
          .isEqualTo(pair.getPrivate());
    }
  }

  @Test
  void rsaAsKubeadmWritesIt() throws Exception {
    RSAPrivateCrtKey key = (RSAPrivateCrtKey) pair("RSA", 2048).getPrivate();
    byte[] content =
        der(
            0x30,
            join(
                List.of(
                    integer(BigInteger.ZERO),
                    integer(key.getModulus()),
                    integer(key.getPublicExponent()),
                    integer(key.getPrivateExponent()),
                    integer(key.getPrimeP()),
                    integer(key.getPrimeQ()),
                    integer(key.getPrimeExponentP()),
                    integer(key.getPrimeExponentQ()),
                    integer(key.getCrtCoefficient()))));
    RSAPrivateCrtKey read = (RSAPrivateCrtKey) PrivateKeys.read(pem("RSA PRIVATE KEY", content));
    assertThat(read.getModulus()).isEqualTo(key.getModulus());
    assertThat(read.getPrivateExponent()).isEqualTo(key.getPrivateExponent());
  }

  @Test
  void ecAsK3sWritesIt() throws Exception {
    ECPrivateKey key = (ECPrivateKey) pair("EC", 256).getPrivate();
    byte[] secret = new byte[32];
    byte[] number = key.getS().toByteArray();
    int used = Math.min(32, number.length);
    System.arraycopy(number, number.length - used, secret, 32 - used, used);
    // The object identifier of P-256: 1.2.840.10045.3.1.7.
    byte[] curve = {6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 3, 1, 7};
    byte[] content =
        der(0x30, join(List.of(integer(BigInteger.ONE), der(4, secret), der(0xa0, curve))));
    assertThat(((ECPrivateKey) PrivateKeys.read(pem("EC PRIVATE KEY", content))).getS())
        .isEqualTo(key.getS());
  }

  @Test
  void whatIsNoKeyIsRefused() {
    for (String text :
        List.of("", pem("CERTIFICATE", new byte[9]), pem("PRIVATE KEY", new byte[9]))) {
      assertThatThrownBy(() -> PrivateKeys.read(text))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("client-key");
    }
  }
}
