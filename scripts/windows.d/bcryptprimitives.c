/*
 * Wine 8 has no bcryptprimitives.dll, which the Rust standard library asks for
 * random bytes. This stand-in answers from the generator that Wine does have.
 * It serves the smoke test only and is never shipped.
 */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buffer, SIZE_T size)
{
    while (size > 0) {
        ULONG part = size > 0x10000 ? 0x10000 : (ULONG)size;
        if (!RtlGenRandom(buffer, part))
            return FALSE;
        buffer += part;
        size -= part;
    }
    return TRUE;
}
