export default function Root() {
  return (
    <main className='big'>
      <Nav />
    </main>
  );
}
