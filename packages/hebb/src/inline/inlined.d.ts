/** The package's files without their extensions, each compressed by gzip, in base64. The build writes this module. */
export const files: Readonly<Record<string, string>>
