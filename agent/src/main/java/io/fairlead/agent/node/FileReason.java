package io.fairlead.agent.node;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;

/** Why a file or folder cannot be used, in words: the JDK's exceptions often say its path alone. */
public final class FileReason {

  private FileReason() {}

  /** A clause without a full stop. */
  public static String of(IOException exception) {
    return switch (exception) {
      case NoSuchFileException e -> e.getFile() + " does not exist and cannot be made";
      case FileAlreadyExistsException e -> e.getFile() + " is a file, not a folder";
      case AccessDeniedException e -> "permission denied for " + e.getFile();
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      case CharacterCodingException _ -> "it is not UTF-8 text";
      default -> Objects.toString(exception.getMessage(), exception.getClass().getSimpleName());
    };
  }
}
