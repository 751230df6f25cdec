"""OpenSSL's X509_verify_cert, called in this process."""

import ctypes
import ctypes.util

PURPOSE_SERVER = 2
POLICY_CHECK = 0x80
PARTIAL_CHAIN = 0x80000

V, I, L, S = ctypes.c_void_p, ctypes.c_int, ctypes.c_long, ctypes.c_char_p
SIGNATURES = {
    "OpenSSL_version": (S, [I]),
    "ERR_clear_error": (None, []),
    "d2i_X509": (V, [V, ctypes.POINTER(S), L]),
    "X509_free": (None, [V]),
    "OPENSSL_sk_new_null": (V, []),
    "OPENSSL_sk_push": (I, [V, V]),
    "OPENSSL_sk_free": (None, [V]),
    "X509_STORE_new": (V, []),
    "X509_STORE_free": (None, [V]),
    "X509_STORE_add_cert": (I, [V, V]),
    "X509_STORE_CTX_new": (V, []),
    "X509_STORE_CTX_free": (None, [V]),
    "X509_STORE_CTX_init": (I, [V, V, V, V]),
    "X509_STORE_CTX_get0_param": (V, [V]),
    "X509_STORE_CTX_get_error": (I, [V]),
    "X509_VERIFY_PARAM_set_time": (None, [V, ctypes.c_int64]),
    "X509_VERIFY_PARAM_set_purpose": (I, [V, I]),
    "X509_VERIFY_PARAM_set_flags": (I, [V, ctypes.c_ulong]),
    "X509_VERIFY_PARAM_set1_host": (I, [V, S, ctypes.c_size_t]),
    "X509_verify_cert": (I, [V]),
}


class OpenSSL:
    """Judges chains for a server's name at a moment, as `openssl verify -partial_chain -policy_check` does, or with other flags."""

    def __init__(self, host, moment, flags=PARTIAL_CHAIN | POLICY_CHECK):
        self.library = ctypes.CDLL(ctypes.util.find_library("crypto") or "libcrypto.so.3")
        for name, (result, arguments) in SIGNATURES.items():
            function = getattr(self.library, name)
            function.restype, function.argtypes = result, arguments
        self.host, self.moment, self.flags = host.encode(), moment, flags
        self.version = self.library.OpenSSL_version(0).decode()

    def read(self, der):
        """A certificate, and all of it; None where it cannot be decoded."""
        start = S(der)
        address = ctypes.cast(start, V).value
        certificate = self.library.d2i_X509(None, ctypes.byref(start), len(der))
        if certificate and ctypes.cast(start, V).value != address + len(der):
            self.library.X509_free(certificate)
            return None
        return certificate

    def judge(self, leaf, others, anchors):
        """0 where the leaf is accepted, else OpenSSL's error; -1 where the leaf cannot be decoded."""
        lib = self.library
        lib.ERR_clear_error()
        held = [self.read(der) for der in [leaf, *others, *anchors]]
        if not held[0]:
            error = -1
        else:
            presented, trusted = held[1 : 1 + len(others)], held[1 + len(others) :]
            error = self.ask(held[0], [it for it in presented if it], [it for it in trusted if it])
        for certificate in filter(None, held):
            lib.X509_free(certificate)
        return error

    def ask(self, leaf, presented, trusted):
        lib = self.library
        store, stack, context = lib.X509_STORE_new(), lib.OPENSSL_sk_new_null(), lib.X509_STORE_CTX_new()
        for certificate in trusted:
            lib.X509_STORE_add_cert(store, certificate)
        for certificate in presented:
            lib.OPENSSL_sk_push(stack, certificate)
        lib.X509_STORE_CTX_init(context, store, leaf, stack)
        parameters = lib.X509_STORE_CTX_get0_param(context)
        lib.X509_VERIFY_PARAM_set_time(parameters, self.moment)
        lib.X509_VERIFY_PARAM_set_purpose(parameters, PURPOSE_SERVER)
        lib.X509_VERIFY_PARAM_set_flags(parameters, self.flags)
        lib.X509_VERIFY_PARAM_set1_host(parameters, self.host, 0)
        accepted = lib.X509_verify_cert(context) == 1
        error = lib.X509_STORE_CTX_get_error(context)
        lib.X509_STORE_CTX_free(context)
        lib.OPENSSL_sk_free(stack)
        lib.X509_STORE_free(store)
        return 0 if accepted else error or -2
