package io.fairlead.bench.kubeproxy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Private keys in the three forms of PEM that kubeconfigs have. The JDK reads PKCS#8 (RFC 5958), so
 * the keys of RFC 8017 (RSA) and RFC 5915 (EC) are put into that.
 */
final class PrivateKeys {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ((?:RSA |EC )?)PRIVATE KEY-----([^-]+)-----END");

  private static final byte SEQUENCE = 0x30;
  private static final byte OCTET_STRING = 4;

  /** The field of an EC key that names its curve. */
  private static final byte PARAMETERS = (byte) 0xa0;

  private static final byte[] VERSION = {2, 1, 0};

  /** The object identifier 1.2.840.113549.1.1.1, and NULL for its parameters. */
  private static final byte[] RSA = {
    6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
  };

  /** The object identifier 1.2.840.10045.2.1. */
  private static final byte[] EC = {6, 7, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

  private PrivateKeys() {}

  static PrivateKey read(String pem) throws IOException {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      throw new IOException("the client-key is no private key in PEM without a passphrase");
    }
    byte[] content = Base64.getMimeDecoder().decode(block.group(2).strip());
    byte[] whole =
        switch (block.group(1)) {
          case "RSA " -> wrap(RSA, content);
          case "EC " -> wrap(join(EC, curve(content)), content);
          default -> content;
        };
    for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(whole));
      } catch (GeneralSecurityException _) {
        // It may be a key of the next algorithm.
      }
    }
    throw new IOException("the client-key is of no algorithm that Java knows");
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    return value(
        SEQUENCE, join(VERSION, join(value(SEQUENCE, algorithm), value(OCTET_STRING, key))));
  }

  /** The object identifier of an EC key's curve, encoded. */
  private static byte[] curve(byte[] key) throws IOException {
    ByteBuffer outer = ByteBuffer.wrap(key);
    byte type = outer.get();
    ByteBuffer fields = content(outer);
    while (type == SEQUENCE && fields.hasRemaining()) {
      byte tag = fields.get();
      ByteBuffer field = content(fields);
      if (tag == PARAMETERS) {
        byte[] curve = new byte[field.remaining()];
        field.get(curve);
        return curve;
      }
    }
    throw new IOException("the client-key does not name its curve");
  }

  /** Reads a length of DER and what has it, and goes behind that. */
  private static ByteBuffer content(ByteBuffer in) {
    int length = in.get() & 255;
    if (length > 127) {
      int bytes = length & 127;
      length = 0;
      for (int i = 0; i < bytes; i++) {
        length = (length << 8) | (in.get() & 255);
      }
    }
    ByteBuffer content = in.slice(in.position(), length);
    in.position(in.position() + length);
    return content;
  }

  private static byte[] value(byte tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (content.length > 255) {
      out.write(0x82);
      out.write(content.length >> 8);
    } else if (content.length > 127) {
      out.write(0x81);
    }
    out.write(content.length);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static byte[] join(byte[] one, byte[] two) {
    return ByteBuffer.allocate(one.length + two.length).put(one).put(two).array();
  }
}
